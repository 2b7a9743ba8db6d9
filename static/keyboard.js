/* Keyboard on the glass: opens for a field with data-keyboard, types into it, and closes when the focus is lost.

   The keys are in the page from the start (templates/parts/keyboard.html); a start costs one listener a kind of event.
   Real keys use the same engine, so an officer's Telex and a citizen's touch give the same letters.
   The server keeps the typing method for the visit (data-set); the browser stores nothing. */

import { fillYearOnly, isFull, nextBox, selectBox } from "./keyboard/boxes.js";
import { beginsName, eraseKey, regroup, replace, selection, toneKey, tonesAt, typeKey } from "./keyboard/editing.js";
import { kept, kindOf } from "./keyboard/kinds.js";
import { countDigits, fitNumber } from "./keyboard/numbers.js";
import { listenForKeys } from "./keyboard/touch.js";
import { reveal } from "./keyboard/reveal.js";
import { askBeforeSending, updateWords, offerMending, pressSuggestion } from "./keyboard/words.js";

const METHODS = ["easy", "telex", "vni"];
const board = document.getElementById("keyboard");
const fieldOf = (target) => target?.closest?.("input[data-keyboard], textarea[data-keyboard]");
const active = () => fieldOf(document.activeElement);

const firstMethod = board?.dataset.method ?? "easy";
let method = firstMethod;
// Case of the next letter, as the Hoa key set it; null: as the field wants it.
let capital = null;
let before = "";

const reportActivity = () => document.dispatchEvent(new CustomEvent("kiosk:activity", { bubbles: true }));

/* ---- the board ---- */

function beginTyping(field) {
  before = field.value;
  capital = null;
  field.classList.add("typing-here");
}

function openBoard(field) {
  if (!board || active() !== field) return;
  // Read before writing: the page is laid out once, in the frame that shows the keys.
  const first = !fieldBeside(field, -1),
    last = !fieldBeside(field, 1);
  board.hidden = false;
  const { layout, opens } = kindOf(field);
  document.body.dataset.typing = layout;
  board.dataset.layout = opens ?? layout;
  board.toggleAttribute("data-first", first);
  board.toggleAttribute("data-last", last);
  refresh(field);
  requestAnimationFrame(() => active() === field && reveal(board, field));
}

function closeBoard() {
  if (!board || active()) return;
  board.hidden = true;
  delete document.body.dataset.typing;
}

const keys = board ? [...board.querySelectorAll("button")] : [];
const toneKeys = keys.filter((key) => key.dataset.tone);
const shiftKey = keys.find((key) => key.dataset.act === "shift");
// The form keeps its order: Tab goes from field to field.
for (const key of keys) key.tabIndex = -1;

function refresh(field) {
  if (!board || board.hidden) return;
  const upper = capital ?? (beginsName(field) || Boolean(kindOf(field).upper));
  board.dataset.case = upper ? "upper" : "lower";
  if (shiftKey) shiftKey.ariaPressed = String(upper);
  if (!kindOf(field).composes) return;
  const { has, vowels } = tonesAt(
    field,
    toneKeys.map((key) => key.dataset.tone),
  );
  toneKeys.forEach((key, i) => {
    key.ariaPressed = String(key.dataset.tone === has);
    key.firstChild.textContent = vowels[i];
  });
}

/* Return the field before (-1) or behind (1) a field that takes letters. */
function fieldBeside(field, by) {
  const seen = (other) => other === field || (other.checkVisibility() && !other.disabled);
  const fields = [...document.querySelectorAll("[data-keyboard]")].filter(seen);
  return fields[fields.indexOf(field) + by];
}

function moveTo(field) {
  field.focus();
  if (!selectBox(field)) field.setSelectionRange(field.value.length, field.value.length);
}

/* ---- what a touched key does ---- */

const ACTS = {
  erase: (field) => eraseKey(field, method),
  shift: () => {
    capital = board.dataset.case !== "upper";
  },
  symbols: () => {
    board.dataset.layout = "symbols";
  },
  letters: (field) => {
    board.dataset.layout = kindOf(field).layout;
  },
  method() {
    method = board.dataset.method = METHODS[(METHODS.indexOf(method) + 1) % METHODS.length];
    rememberMethod();
  },
  back(field) {
    const other = fieldBeside(field, -1);
    if (other) moveTo(other);
  },
  next(field) {
    const other = fieldBeside(field, 1);
    if (other) moveTo(other);
    else field.blur();
  },
  close: (field) => field.blur(),
};

/* The next page of this visit starts with the method. Without the server it holds on this page alone. */
function rememberMethod() {
  if (!board.dataset.set) return;
  const csrf = document.querySelector("input[name=csrf]")?.value;
  const body = new URLSearchParams({ csrf, name: "typing", value: method });
  fetch(board.dataset.set, { method: "POST", body, redirect: "manual", keepalive: true }).catch(() => null);
}

function letterKey(field, char) {
  const upper = capital ?? beginsName(field);
  capital = null;
  const isSign = board.dataset.layout === "symbols";
  if (isSign || [...char].length > 1) insertText(field, kept(kindOf(field), char));
  else typeKey(field, upper ? char.toUpperCase() : char, method);
  // "tổ 5 " goes on with letters.
  if (isSign && char === " ") ACTS.letters(field);
  // Only on the glass: a person with real keys presses Tab.
  if (isFull(field) && nextBox(field)) moveTo(nextBox(field));
}

function insertText(field, text) {
  const [from, to] = selection(field);
  if (text) replace(field, from, to, text);
}

function pressKey(key) {
  const field = active(),
    { tone, act } = key.dataset;
  reportActivity();
  if (!field || field.readOnly) return;
  if (tone) toneKey(field, tone);
  else if (act) ACTS[act](field);
  else letterKey(field, key.dataset.key ?? key.textContent);
  if (active()) refresh(active());
}

if (board) listenForKeys(board, pressKey);

/* ---- the field: focus, real keys ---- */

addEventListener("focusin", ({ target }) => {
  const field = fieldOf(target);
  if (!field || field.classList.contains("typing-here")) return;
  beginTyping(field);
  const isOpen = board && !board.hidden && document.body.dataset.typing === kindOf(field).layout;
  if (isOpen) openBoard(field);
  else afterTouch(() => openBoard(field));
});

const ENDS = ["pointerup", "pointercancel"];
let pressed; // the pointer that went down last, until it ends: the one that moves the focus, not a palm that rests
addEventListener(
  "pointerdown",
  ({ pointerId }) => {
    pressed = pointerId;
  },
  true,
);
for (const end of ENDS) {
  addEventListener(
    end,
    ({ pointerId }) => {
      if (pointerId === pressed) pressed = undefined;
    },
    true,
  );
}

// Open and close only after the touch that moved the focus has ended: its target must not move away under the finger.
function afterTouch(act) {
  const awaited = pressed;
  if (awaited === undefined) {
    setTimeout(act);
    return;
  }
  const done = new AbortController();
  function end({ pointerId }) {
    if (pointerId !== awaited) return;
    done.abort();
    setTimeout(act);
  }
  for (const kind of ENDS) addEventListener(kind, end, { capture: true, signal: done.signal });
}

addEventListener("focusout", ({ target }) => {
  const field = fieldOf(target);
  if (!field) return;
  field.classList.remove("typing-here");
  if (field.value !== before) field.dispatchEvent(new Event("change", { bubbles: true }));
  offerMending(field);
  afterTouch(closeBoard);
});

const hardware = () => (method === "easy" ? "telex" : method);

function typeText(field, text) {
  for (const char of text) typeKey(field, beginsName(field) ? char.toUpperCase() : char, hardware());
}

const BEFORE_INPUT = {
  insertText(field, event) {
    if (!event.data || event.isComposing) return;
    event.preventDefault();
    typeText(field, event.data);
  },
  deleteContentBackward(field, event) {
    if (!kindOf(field).composes && !kindOf(field).groups) return;
    event.preventDefault();
    eraseKey(field, hardware());
  },
  insertFromPaste(field, event) {
    event.preventDefault();
    insertText(field, kept(kindOf(field), event.data ?? event.dataTransfer?.getData("text/plain") ?? ""));
  },
};

addEventListener("beforeinput", (event) => {
  const field = fieldOf(event.target);
  if (field) BEFORE_INPUT[event.inputType]?.(field, event);
});

// A key that is held down (a resting hand, a tremor) types once; erasing and moving may repeat.
addEventListener(
  "keydown",
  (event) => {
    if (event.repeat && event.key.length === 1 && !event.ctrlKey && fieldOf(event.target)) event.preventDefault();
  },
  true,
);

addEventListener("input", ({ target }) => {
  const field = fieldOf(target);
  if (!field) return;
  regroup(field);
  updateWords(field);
  if (field.dataset.digits) countDigits(field);
  if (field !== active()) return;
  refresh(field);
  // What the paper will say grows above the field: the field must not sink behind the keys.
  const place = board?.getBoundingClientRect();
  if (place && place.left <= 0 && field.getBoundingClientRect().bottom > place.top) reveal(board, field);
});
document.addEventListener("selectionchange", () => {
  if (active()) refresh(active());
});

addEventListener("formdata", ({ formData, target }) => {
  for (const field of target.elements) {
    const isLong = field.name && field.dataset.keyboard && kindOf(field).groups;
    if (isLong) formData.set(field.name, field.value.replaceAll(" ", ""));
  }
});

/* The next person at the tablet of a counter begins with the first method again. */
addEventListener("reset", () => {
  method = firstMethod;
  if (board) board.dataset.method = method;
});

addEventListener("mousedown", (event) => {
  if (event.target.closest?.("[data-insert], [data-fill], [data-mend] button")) event.preventDefault();
});
addEventListener("click", ({ target }) => {
  // A touch puts the caret into the number: the next digit would not fit.
  if (fieldOf(target)) selectBox(target);
  if (pressSuggestion(target)) reportActivity();
});

// Before other listeners: they take the form for sent.
addEventListener(
  "submit",
  (event) => {
    if (!event.submitter || event.submitter.name === "back" || !askBeforeSending(event.target)) return;
    event.preventDefault();
    event.stopPropagation();
    reportActivity();
  },
  true,
);

addEventListener("change", ({ target }) => {
  if (target.matches("[data-year-only]")) fillYearOnly(target)?.focus();
  for (const field of document.querySelectorAll("[data-type-of]"))
    if (field.dataset.typeOf === target.name) fitNumber(field);
});

for (const field of document.querySelectorAll("[data-keyboard]")) {
  field.inputMode = "none";
  if (field.dataset.digits) fitNumber(field);
  else regroup(field);
}
for (const tick of document.querySelectorAll("[data-year-only]")) fillYearOnly(tick);
if (active()) {
  beginTyping(active());
  openBoard(active());
}
