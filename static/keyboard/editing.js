/* Editing a field: the word at the caret, letters, tones, erasing.

   The text of the field is the truth. The keys of the current word are remembered only while text and caret are as the
   last key left them; after any other change the word is read again from the text. */

import { erase, isLetter, press, previewTone, read, retype, startsName, toggleTone, toneOf } from "../vietnamese.js";
import { grouped, kept, kindOf } from "./kinds.js";

const LEFT = /[\p{L}\p{M}]*$/u,
  RIGHT = /^[\p{L}\p{M}]*/u,
  LAST = /.\p{M}*$/su;
const style = () => document.body.dataset.tone ?? "old";

let begun = { field: null };

/** Return [from, to] of the selection; e-mail and number inputs report no caret: the end of their text. */
export const selection = (field) =>
  field.selectionStart === null ? [field.value.length, field.value.length] : [field.selectionStart, field.selectionEnd];

function place(field, at) {
  if (field.selectionStart !== null) field.setSelectionRange(at, at);
  if (at === field.value.length) field.scrollLeft = field.scrollWidth;
}

function isFuller(field, value) {
  const length = (text) => (kindOf(field).groups ? text.replaceAll(" ", "") : text).length;
  return field.maxLength >= 0 && length(value) > field.maxLength && length(value) > length(field.value);
}

/** Replace [from, to] with text and set the caret to `caret`; return false if the field has no room for it. */
export function replace(field, from, to, text, caret = from + text.length) {
  const value = field.value.slice(0, from) + text + field.value.slice(to);
  if (isFuller(field, value)) return false;
  field.value = value;
  place(field, caret);
  regroup(field);
  field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText" }));
  return true;
}

/** Group the digits of a long number; the caret stays behind its digit. */
export function regroup(field) {
  const kind = kindOf(field),
    text = grouped(kind, field.value);
  if (!kind.groups || text === field.value) return;
  let left = selection(field)[0] - field.value.slice(0, selection(field)[0]).split(" ").length + 1,
    at = 0;
  field.value = text;
  while (left > 0) if (text[at++] !== " ") left--;
  if (document.activeElement === field) place(field, at);
}

/* Return the word around the caret, with its keys if they are known and of the same method. */
function wordAt(field, method) {
  const [caret] = selection(field),
    { value } = field;
  const goesOn = begun.field === field && begun.value === value && begun.caret === caret;
  if (goesOn && begun.method === method) return begun;
  const before = LEFT.exec(value.slice(0, caret))[0],
    after = RIGHT.exec(value.slice(caret))[0];
  return { start: caret - before.length, end: caret + after.length, word: retype(before, after) };
}

function write(field, { start, end }, word, options) {
  const { text, caret } = read(word, options);
  if (!replace(field, start, end, text, start + caret)) return false;
  const { method } = options,
    { value } = field;
  begun = { field, method, value, caret: start + caret, start, end: start + text.length, word };
  return true;
}

/** Type one key of either keyboard, on the glass or real. */
export function typeKey(field, key, method) {
  const kind = kindOf(field),
    options = { method, tone: style() };
  const [from, to] = selection(field);
  if (from !== to) replace(field, from, to, "");
  const text = kept(kind, key);
  if (!text) return;
  const at = kind.composes && wordAt(field, method);
  const goesOn = at && (isLetter(text) || (/^\d$/.test(text) && method === "vni" && at.start < selection(field)[0]));
  if (goesOn) write(field, at, press(at.word, text, options), options);
  else replace(field, from, from, text);
}

/** Erase the selection or the letter before the caret; the tone stays with its syllable. */
export function eraseKey(field, method) {
  const [from, to] = selection(field),
    options = { method, tone: style() };
  if (from !== to) {
    replace(field, from, to, "");
    return;
  }
  const at = kindOf(field).composes && wordAt(field, method);
  if (at && at.start < from) write(field, at, erase(at.word, options), options);
  else if (from) eraseBefore(field, from);
}

function eraseBefore(field, from) {
  const before = field.value.slice(0, from),
    solid = kindOf(field).groups ? before.trimEnd() || before : before;
  replace(field, solid.length - LAST.exec(solid)[0].length, from, "");
}

const textOf = ({ start, end }, field) => field.value.slice(start, end);

/** Toggle a tone on the word at the caret. */
export function toneKey(field, tone) {
  const at = wordAt(field),
    caret = selection(field)[0] - at.start;
  const text = toggleTone(textOf(at, field), tone, { tone: style(), caret: caret || undefined });
  if (text !== textOf(at, field)) replace(field, at.start, at.end, text, at.start + caret);
}

/** Return the labels of the tone keys: the tone of the word, and the vowel that each tone would make. */
export function tonesAt(field, names) {
  const at = wordAt(field),
    text = textOf(at, field),
    caret = selection(field)[0] - at.start || undefined;
  return { has: toneOf(text, caret), vowels: names.map((name) => previewTone(text, name, { tone: style(), caret })) };
}

/** Return whether the next letter begins a word of a name. */
export const beginsName = (field) =>
  Boolean(kindOf(field).capitals) && startsName(field.value.slice(0, selection(field)[0]));
