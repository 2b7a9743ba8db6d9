/* Papers are ticked with the digits 1 to 9; each tick or number is written at once: who saw the paper, and when. */

import { fetchText, find, findAll } from "./page.js";
import { isAnswer, open, send } from "./sending.js";

let written = Promise.resolve();
let waiting = 0;
let pressed = null;
let release = null;

/* A press ends on the box on which it began: new papers wait for it. */
addEventListener("pointerdown", () => {
  pressed ??= new Promise((done) => {
    release = done;
  });
});
for (const end of ["pointerup", "pointercancel", "blur"])
  addEventListener(end, () => {
    // After the click, which follows at once and may tick another box.
    setTimeout(release ?? (() => {}));
    pressed = null;
  });

/* Put the new state of the papers into the page; the focus stays at its box. */
async function showWritten(address) {
  const page = new DOMParser().parseFromString(await fetchText(address.href), "text/html");
  await pressed;
  const form = find("#ticks");
  const fresh = find("#ticks", page);
  if (waiting || !fresh || !form) return;
  const boxes = findAll("input, a, button", form);
  const at = form.contains(document.activeElement) ? boxes.indexOf(document.activeElement) : -1;
  form.replaceWith(document.adoptNode(fresh));
  if (at >= 0) findAll("input, a, button", fresh)[at]?.focus({ preventScroll: true });
  const words = find(".bar p"),
    freshWords = find(".bar p", page);
  if (words && freshWords) words.replaceWith(document.adoptNode(freshWords));
}

async function write(form) {
  // Without an answer the boxes stay as they are, and the next press sends them again.
  const address = await send(form, null).catch(() => null);
  waiting -= 1;
  if (!address) return;
  if (isAnswer(address)) open(address);
  if (waiting) return;
  delete form.dataset.changed;
  // The ticks are written: a page that cannot be fetched shows them at the next one.
  if (!isAnswer(address)) await showWritten(address).catch(() => undefined);
}

/* Pages of an original that differ from those counted before turn gold: both numbers are kept. */
addEventListener("input", ({ target }) => {
  find(`[data-counted="${target.name}"]`)?.classList.toggle("ask", target.value !== target.defaultValue);
});

addEventListener("change", ({ target }) => {
  if (!target.matches("#ticks :is([type=checkbox], .sheets)")) return;
  waiting += 1;
  written = written.then(() => write(find("#ticks")));
});
