/* Choices of the desk: typing a day chooses its radio button, a full box of a day leads to the next, Backspace in an
   empty one back; the browser remembers check boxes of the view. */

import { find, findAll } from "./page.js";

addEventListener("input", ({ target }) => {
  const group = target.closest?.("fieldset"),
    box = group && find("[data-picks]", group);
  if (!box) return;
  const radio = find(`[type=radio][value="${CSS.escape(box.dataset.picks)}"]`, group);
  if (target === box) radio.checked = true;
  else if (target.type === "radio" && target !== radio) box.value = "";
});

/* These hold no answer of a form. */
for (const box of findAll("[data-remember]")) {
  box.checked = localStorage.getItem(box.dataset.remember) === "on";
  box.addEventListener("change", () => localStorage.setItem(box.dataset.remember, box.checked ? "on" : "off"));
}

function besideBox(box, step) {
  const boxes = findAll("input", box.closest("[data-date]"));
  return boxes[boxes.indexOf(box) + step];
}

addEventListener("input", ({ target, inputType }) => {
  if (!target.closest?.("[data-date]") || !inputType?.startsWith("insert")) return;
  const isFull = target.value.length === target.maxLength && target.selectionStart === target.maxLength;
  const next = isFull && besideBox(target, 1);
  if (!next) return;
  next.focus();
  next.select();
});

addEventListener("keydown", (event) => {
  if (event.key !== "Backspace" || event.target.value !== "" || !event.target.closest?.("[data-date]")) return;
  besideBox(event.target, -1)?.focus();
});
