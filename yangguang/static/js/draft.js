// Saves the draft whenever the order was changed without a round trip, and says so; a failure is said, too.
"use strict";

for (const form of document.querySelectorAll("form[data-draft]")) {
  const says = form.querySelector("[data-draft-says]");
  form.addEventListener("reordered", async () => {
    const body = new URLSearchParams(new FormData(form));
    body.set("act", "save");
    try {
      const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
      const kept = answer.type === "opaqueredirect";
      if (kept && !form.dataset.draft) return location.reload();  // What was in force a moment ago is a draft now.
      says.textContent = kept ? "草稿已保存，还没有提交" : "草稿没有保存，请按“保存草稿”再试一次";
    } catch {
      says.textContent = "网络断开，草稿没有保存；连上后请按“保存草稿”";
    }
  });
}
