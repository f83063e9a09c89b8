// Saves the draft after every reordering that needed no round trip, and shows whether it was saved.
"use strict";

document.addEventListener("reordered", async (event) => {
  const form = event.target.closest("form[data-draft]");
  if (!form) return;
  const status = form.querySelector("[data-draft-status]");
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

// Adding and removing replace both lists in place; the status is spoken, and focus does not fall to the top.
let pressed = "";
document.addEventListener("htmx:beforeRequest", (event) => {
  const button = event.detail.requestConfig.triggeringEvent.submitter;
  pressed = button ? button.id : "";
});
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id !== "pick" || event.detail.xhr.status < 400) return;
  // What was refused is explained on a page: the same press again, the plain way.
  event.detail.shouldSwap = false;
  const button = event.detail.requestConfig.triggeringEvent.submitter || event.detail.elt;
  const field = Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value });
  button.form.append(field);
  button.form.submit();
});
document.addEventListener("htmx:afterSettle", () => {
  const pick = document.getElementById("pick");
  if (!pick) return;
  document.querySelector("[data-pick-status]").textContent = pick.dataset.said;
  (document.getElementById(pressed) || document.getElementById("mine")).focus({ preventScroll: true });
});
