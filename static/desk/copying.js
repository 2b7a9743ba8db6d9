/* Buttons that copy answers of a form into another system. */

import { fetchText, find, findAll } from "./page.js";

async function copyAnswer(button) {
  const from = button.dataset.copyFrom;
  for (const earlier of findAll(".was-copied")) earlier.classList.remove("was-copied");
  let isCopied = true;
  try {
    await navigator.clipboard.writeText(from ? await fetchText(from) : button.dataset.copy);
    button.classList.add("was-copied");
  } catch {
    isCopied = false;
  }
  find("[data-copied]").hidden = !isCopied;
  find("[data-not-copied]").hidden = isCopied;
}

addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy], [data-copy-from]");
  if (button) copyAnswer(button);
});
