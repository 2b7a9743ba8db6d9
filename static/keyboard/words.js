/* Suggestions beside a field: the name as it will be printed, surnames to choose, "was Nguyễn meant?", and when the
   form is sent "is part of the name missing?".

   The elements refer to the id of the field: data-echo, data-insert, data-mend. A box of an address has
   data-mend-words="address": it asks about its units, not about names. */

import { telexLeft } from "../vietnamese.js";
import { unitMeant } from "./address.js";
import { replace } from "./editing.js";
import { reveal } from "./reveal.js";
import { surnameMeant } from "./surnames.js";

const partsOf = (name, field) =>
  field.id ? document.querySelectorAll(`[data-${name}="${CSS.escape(field.id)}"]`) : [];
const QUIET = 1200;

let waiting;
const declined = new Set();
const asked = new Set();

/** Update echo, surnames and question after a change of a field. */
export function updateWords(field) {
  for (const echo of partsOf("echo", field)) echo.textContent = field.value.trim().toLocaleUpperCase("vi");
  for (const button of partsOf("insert", field)) button.ariaPressed = String(begins(field.value, button.dataset.text));
  const [box] = partsOf("mend", field);
  if (!box) return;
  clearTimeout(waiting);
  box.hidden = true;
  // The word at the caret may not be complete: ask about it after a pause; about "Ho" only with a space behind it.
  if (/\s$/.test(field.value)) showMending(box, field, true);
  else waiting = setTimeout(showMending, QUIET, box, field, true);
}

/** Show the question of a field that lost the focus. */
export function offerMending(field) {
  const [box] = partsOf("mend", field);
  if (box && !document.activeElement?.closest("[data-mend]")) showMending(box, field);
}

/** Show the questions of a form that is sent with left-over letters, each once; return whether there is one. */
export function askBeforeSending(form) {
  let first = null;
  for (const field of form.elements) {
    const [box] = partsOf("mend", field);
    const found = box && (leftOver(field.value, box) ?? loneWord(field.value, box));
    if (!found || asked.has(found.text)) continue;
    asked.add(found.text);
    showQuestion(box, found);
    first ??= box;
  }
  first?.scrollIntoView({ block: "center" });
  first?.querySelector("[data-yes]").focus({ preventScroll: true });
  return Boolean(first);
}

function showMending(box, field, isTyping = false) {
  const found = leftOver(field.value, box, isTyping);
  box.hidden = !found;
  if (!found) return;
  showQuestion(box, found);
  // The question above the field has moved it.
  if (document.activeElement === field) reveal(document.getElementById("keyboard"), field);
}

function showQuestion(box, { text, mended }) {
  const words = mended ? box.dataset.mendText : box.dataset.mendMore;
  box.querySelector("[data-question]").textContent = words.replace("{text}", text).replace("{mended}", mended);
  box.hidden = false;
}

/* A name of one word: surname or given name may be missing. */
function loneWord(line, box) {
  const text = line.trim();
  const isOne = "mendMore" in box.dataset && /^[\p{L}\p{M}]+$/u.test(text);
  return isOne && !declined.has(text) ? { text, mended: "" } : null;
}

function leftOver(line, box, isTyping = false) {
  const { tone } = document.body.dataset;
  for (const { 0: text, index } of line.matchAll(/[\p{L}\p{M}\d]+/gu)) {
    if (declined.has(text)) continue;
    const around = { before: line.slice(0, index), behind: line.slice(index + text.length), tone };
    const mended = box.dataset.mendWords === "address" ? unitMeant(text, around) : nameMeant(text, around, isTyping);
    if (mended) return { text, mended, index };
  }
  return null;
}

function nameMeant(word, around, isTyping) {
  const mayGrow = isTyping && !around.behind;
  return telexLeft(word, around) || (mayGrow ? "" : surnameMeant(word, around));
}

const begins = (value, text) => value === text.trim() || value.startsWith(`${text.trim()} `);

function insert(button) {
  const field = document.getElementById(button.dataset.insert);
  const names = [...partsOf("insert", field)].map((other) => other.dataset.text.trim());
  const old = names.find((name) => begins(field.value, name));
  const rest = field.value.slice(old?.length ?? 0).trimStart();
  field.focus();
  replace(field, 0, field.value.length, `${button.dataset.text.trim()} ${rest}`);
}

function answerMending(button) {
  const box = button.closest("[data-mend]"),
    field = document.getElementById(box.dataset.mend);
  const found = leftOver(field.value, box);
  box.hidden = true;
  field.focus();
  if (!found) {
    if (!button.hasAttribute("data-yes")) declined.add(field.value.trim());
    return;
  }
  const end = found.index + found.text.length,
    behind = field.value.length - end;
  if (!button.hasAttribute("data-yes")) declined.add(found.text);
  else replace(field, found.index, end, found.mended, found.index + found.mended.length + behind);
}

/** Handle a press on a suggestion; return whether the target is one. */
export function pressSuggestion(target) {
  const button = target.closest?.("[data-insert], [data-mend] button");
  if (!button) return false;
  if (button.hasAttribute("data-insert")) insert(button);
  else answerMending(button);
  return true;
}
