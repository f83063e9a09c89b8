// Shows that an htmx request failed; what was typed stays on the page.
"use strict";

function showError(sentence) {
  let bar = document.getElementById("htmx-error");
  if (!bar) {
    bar = document.createElement("p");
    bar.id = "htmx-error";
    bar.className = "note note--warn";
    bar.setAttribute("role", "alert");
    document.getElementById("main").prepend(bar);
  }
  bar.textContent = sentence;
}

document.addEventListener("htmx:sendError", () => showError("网络断开了，刚才的内容还没有保存。连上网络后再改一次这一处即可。"));
document.addEventListener("htmx:timeout", () => showError("等待太久，刚才的内容可能没有保存。请再试一次。"));
document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  if (status === 401 || status === 403) return showError("登录已过期或没有权限，刚才的内容没有保存。请在新窗口登录后回到这里继续，已填的内容还在。");
  showError("系统暂时没有办成，刚才的内容没有保存。请稍后再试，页面上的内容还在。");
});
document.addEventListener("htmx:afterSwap", () => {
  const bar = document.getElementById("htmx-error");
  if (bar) bar.remove();
});
