// Keeps 还剩… current while a page stays open: by the server's clock and by the minute, so that no second hurries a reader.
"use strict";

const loaded = performance.now();

function formatRemaining(milliseconds) {
  if (milliseconds <= 0) return "已截止";
  const minutes = Math.floor(milliseconds / 60000);
  const units = [[Math.floor(minutes / 1440), "天"], [Math.floor(minutes / 60) % 24, "小时"], [minutes % 60, "分钟"]];
  const first = units.findIndex(([n]) => n > 0);
  if (first < 0) return "还剩不到1分钟";
  return "还剩" + units.slice(first, first + 2).filter(([n]) => n > 0).map(([n, unit]) => n + unit).join("");
}

function updateAll() {
  for (const element of document.querySelectorAll("[data-countdown]")) {
    const now = Date.parse(element.dataset.now) + performance.now() - loaded;
    const text = formatRemaining(Date.parse(element.dataset.countdown) - now);
    if (element.textContent !== text) element.textContent = text;
  }
}

setInterval(updateAll, 30000);
