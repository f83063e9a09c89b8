// One press, one act: stops a second press of the same form; prints; copies a code. Without it everything still works.
"use strict";

for (const button of document.querySelectorAll("[data-print], [data-copy]")) button.hidden = false;

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-print], [data-copy]");
  if (!button) return;
  if ("print" in button.dataset) return window.print();
  const words = button.lastChild;
  const before = words.textContent;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    words.textContent = "已复制";
  } catch {
    words.textContent = "请手动选中复制";
  }
  setTimeout(() => { words.textContent = before; }, 3000);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
  setTimeout(() => { delete form.dataset.sent; }, 10000);  // a POST that answers with a file leaves the page standing
  if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
});

// Coming back by the back button must find a living form.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  const errors = document.querySelector(":is(main, form) > :is(.errors, .refusal)");
  if (errors) errors.focus();
});
