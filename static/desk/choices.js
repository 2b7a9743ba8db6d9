/* Choices of the desk: typing a day chooses its radio button; the browser remembers check boxes of the view. */

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
