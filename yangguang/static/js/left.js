// Keeps 还剩… true while a page stays open. Counts from the server's clock, by the minute: nobody is to be hurried by seconds.
"use strict";

const loaded = performance.now();

function sayLeft(milliseconds) {
  if (milliseconds <= 0) return "已截止";
  const minutes = Math.floor(milliseconds / 60000);
  const units = [[Math.floor(minutes / 1440), "天"], [Math.floor(minutes / 60) % 24, "小时"], [minutes % 60, "分钟"]];
  const first = units.findIndex(([n]) => n > 0);
  if (first < 0) return "还剩不到1分钟";
  return "还剩" + units.slice(first, first + 2).filter(([n]) => n > 0).map(([n, unit]) => n + unit).join("");
}

function tellAll() {
  for (const place of document.querySelectorAll("[data-left]")) {
    const now = Date.parse(place.dataset.now) + performance.now() - loaded;
    const words = sayLeft(Date.parse(place.dataset.left) - now);
    if (place.textContent !== words) place.textContent = words;
  }
}

setInterval(tellAll, 30000);
