// Stops a second submission of the same form; prints; copies a code. Without it every page still works.
"use strict";

for (const button of document.querySelectorAll("[data-print], [data-copy]")) button.hidden = false;

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-print], [data-copy]");
  if (!button) return;
  if ("print" in button.dataset) return window.print();
  const label = button.lastChild;
  const before = label.textContent;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    label.textContent = "已复制";
  } catch {
    label.textContent = "请手动选中复制";
  }
  setTimeout(() => { label.textContent = before; }, 3000);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
  setTimeout(() => { delete form.dataset.sent; }, 10000);  // a POST that answers with a file does not leave the page
  if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
});

// The back button restores the page: its forms can be submitted again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  const errors = document.querySelector(":is(main, form) > :is(.errors, .refusal)");
  if (errors) errors.focus();
  // The field of a code is not to lie under the keyboard of a phone.
  const code = document.querySelector("[autocomplete='one-time-code']");
  if (code && !errors) code.scrollIntoView({ block: "center" });
});
