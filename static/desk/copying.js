/* Buttons that copy answers of a form into another system. */

import { fetchText, find, findAll } from "./page.js";

async function copyAnswer(button) {
  const from = button.dataset.copyFrom;
  await navigator.clipboard.writeText(from ? await fetchText(from) : button.dataset.copy);
  find("[data-copied]").hidden = false;
  for (const earlier of findAll(".was-copied")) earlier.classList.remove("was-copied");
  button.classList.add("was-copied");
}

addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy], [data-copy-from]");
  if (button) copyAnswer(button);
});
