// 读给我听: speaks one sentence where the browser can; without speech the button stays hidden.
"use strict";

for (const button of document.querySelectorAll("[data-read-aloud]")) {
  if (!("speechSynthesis" in window)) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    const words = new SpeechSynthesisUtterance(document.getElementById(button.dataset.readAloud).textContent);
    words.lang = "zh-CN";
    speechSynthesis.cancel();
    speechSynthesis.speak(words);
  });
}
