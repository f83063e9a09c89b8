// Saves the draft after every reordering that needed no round trip, and shows whether it was saved.
"use strict";

for (const form of document.querySelectorAll("form[data-draft]")) {
  const status = form.querySelector("[data-draft-status]");
  form.addEventListener("reordered", async () => {
    const body = new URLSearchParams(new FormData(form));
    body.set("act", "keep");
    try {
      const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
      const saved = answer.status === 204;
      if (saved && !form.dataset.draft) return location.reload();  // The submitted choices have become a draft.
      // From now on the page shows what it has just saved.
      if (saved) for (const field of document.getElementsByName("_displayed")) field.value = answer.headers.get("X-Shown");
      if (answer.status === 409) status.textContent = "志愿已从另一个页面改过，这次没有保存；请按“保存草稿”对照两边";
      else status.textContent = saved ? "草稿已保存，还没有提交" : "草稿没有保存，请按“保存草稿”再试一次";
    } catch {
      status.textContent = "网络断开，草稿没有保存；连上后请按“保存草稿”";
    }
  });
}
