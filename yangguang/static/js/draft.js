// Saves the draft after every reordering that needed no round trip, and shows whether it was saved.
"use strict";

for (const form of document.querySelectorAll("form[data-draft]")) {
  const status = form.querySelector("[data-draft-status]");
  form.addEventListener("reordered", async () => {
    const body = new URLSearchParams(new FormData(form));
    body.set("act", "save");
    try {
      const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
      const saved = answer.type === "opaqueredirect";
      if (saved && !form.dataset.draft) return location.reload();  // The submitted choices have become a draft.
      status.textContent = saved ? "草稿已保存，还没有提交" : "草稿没有保存，请按“保存草稿”再试一次";
    } catch {
      status.textContent = "网络断开，草稿没有保存；连上后请按“保存草稿”";
    }
  });
}
