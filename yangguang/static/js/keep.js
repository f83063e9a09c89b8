// Keeps a page of the registration as its fields are left, and says so; a failure is said, too. Without it 保存并继续 does.
"use strict";

for (const form of document.querySelectorAll("form[data-keep]")) {
  const says = form.querySelector("[data-keep-says]");
  let unsaved = false;
  let timer = 0;
  let sending = null;
  let goesOn = false;

  async function post() {
    const body = new URLSearchParams(new FormData(form));
    try {
      const answer = await fetch(form.dataset.keep, { method: "POST", body, redirect: "manual", keepalive: true });
      says.textContent = answer.status === 204
        ? "刚填的内容已自动保存，还没有提交"
        : "刚填的内容没有自动保存，请按“保存并继续”";
    } catch {
      says.textContent = "网络断开，刚填的内容没有保存；连上后请按“保存并继续”";
    }
  }

  function send() {
    clearTimeout(timer);
    unsaved = false;
    const now = post().finally(() => { if (sending === now) sending = null; });
    sending = now;
  }

  async function keep() {
    // One after the other: of two at once the older session could be written last.
    while (sending) await sending;
    if (unsaved && !goesOn) send();
  }

  form.addEventListener("input", () => { unsaved = true; });
  form.addEventListener("change", () => {
    unsaved = true;
    clearTimeout(timer);
    timer = setTimeout(keep, 300);  // A press on the button right after typing needs no second request.
  });

  // The button waits for what is under way, so that the finished step is what is written last.
  form.addEventListener("submit", async (event) => {
    clearTimeout(timer);
    goesOn = true;
    if (!sending) return;
    event.preventDefault();
    await Promise.race([sending, new Promise((done) => setTimeout(done, 3000))]);
    sending = null;
    form.requestSubmit(event.submitter);
  });

  // A telephone may close a page that is out of sight without another word.
  const leave = () => { if (unsaved && !goesOn) send(); };
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") leave(); });
  window.addEventListener("pagehide", leave);
  window.addEventListener("pageshow", () => { goesOn = false; });
}
