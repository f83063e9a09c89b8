// Ordered choices: 上移/下移 without a round trip, and dragging in addition. The hidden inputs named "order" carry the result.
"use strict";

function makeReorderable(list) {
  const status = list.parentElement.querySelector("[data-reorder-status]");
  let dragged = null;
  list.dataset.ready = "1";

  function announce(item) {
    const rank = [...list.children].indexOf(item) + 1;
    for (const other of list.children) other.classList.toggle("is-moved", other === item);
    if (status) status.textContent = `${item.dataset.name}，现在是第 ${rank} 志愿，还没有提交`;
    list.dispatchEvent(new CustomEvent("reordered", { bubbles: true }));
  }

  list.addEventListener("click", (event) => {
    const button = event.target.closest(".choice-up, .choice-down");
    if (!button) return;
    event.preventDefault();
    const item = button.closest(".choice");
    if (button.name === "up" && item.previousElementSibling) item.previousElementSibling.before(item);
    if (button.name === "down" && item.nextElementSibling) item.nextElementSibling.after(item);
    const edge = item === list.firstElementChild ? ".choice-down" : item === list.lastElementChild ? ".choice-up" : null;
    (edge ? item.querySelector(edge) : button).focus();
    announce(item);
  });

  for (const item of list.children) item.draggable = true;
  list.addEventListener("dragstart", (event) => {
    dragged = event.target.closest(".choice");
    dragged.classList.add("is-dragged");
    event.dataTransfer.effectAllowed = "move";
  });
  list.addEventListener("dragover", (event) => {
    if (!dragged) return;
    event.preventDefault();
    const over = event.target.closest(".choice");
    if (!over || over === dragged) return;
    const box = over.getBoundingClientRect();
    if (event.clientY > box.top + box.height / 2) over.after(dragged);
    else over.before(dragged);
  });
  list.addEventListener("dragend", () => {
    dragged.classList.remove("is-dragged");
    announce(dragged);
    dragged = null;
  });
}

for (const list of document.querySelectorAll("[data-reorder]")) makeReorderable(list);
// A list that was replaced in place.
document.addEventListener("htmx:afterSettle", () => {
  for (const list of document.querySelectorAll("[data-reorder]:not([data-ready])")) makeReorderable(list);
});
