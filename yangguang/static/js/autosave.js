// Saves a page of the registration when a field changes, and shows whether it was saved. Without it 保存并继续 saves.
"use strict";

for (const form of document.querySelectorAll("form[data-autosave]")) {
  const status = form.querySelector("[data-autosave-status]");
  let unsaved = false;
  let timer = 0;
  let sending = null;
  let submitting = false;

  async function post() {
    const body = new URLSearchParams(new FormData(form));
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body, redirect: "manual", keepalive: true });
      status.textContent = answer.status === 204
        ? "刚填的内容已自动保存，还没有提交"
        : "刚填的内容没有自动保存，请按“保存并继续”";
    } catch {
      status.textContent = "网络断开，刚填的内容没有保存；连上后请按“保存并继续”";
    }
  }

  function send() {
    clearTimeout(timer);
    unsaved = false;
    const now = post().finally(() => { if (sending === now) sending = null; });
    sending = now;
  }

  async function save() {
    // One request at a time: of two, the older session could be written last.
    while (sending) await sending;
    if (unsaved && !submitting) send();
  }

  form.addEventListener("input", () => { unsaved = true; });
  form.addEventListener("change", () => {
    unsaved = true;
    clearTimeout(timer);
    timer = setTimeout(save, 300);  // A press on the button right after typing needs no second request.
  });

  // The button waits for the request under way, so that the submitted step is written last.
  form.addEventListener("submit", async (event) => {
    clearTimeout(timer);
    submitting = true;
    if (!sending) return;
    event.preventDefault();
    await Promise.race([sending, new Promise((done) => setTimeout(done, 3000))]);
    sending = null;
    form.requestSubmit(event.submitter);
  });

  // A phone may close a hidden page without any further event.
  const saveOnLeave = () => { if (unsaved && !submitting) send(); };
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") saveOnLeave(); });
  window.addEventListener("pagehide", saveOnLeave);
  window.addEventListener("pageshow", () => { submitting = false; });
}
