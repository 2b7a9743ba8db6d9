/* The queue beside the case updates itself. The focus, open parts and typed text in it stay. */

import { fetchText, find, findAll } from "./page.js";
import { isBusy } from "./sending.js";
import { isTyped } from "./unsent.js";

const aside = find("[data-fill]");
const EVERY = 3000,
  TURNS_UNTIL_FRESH = 10;
/* Attributes that tell an element of the panel from the others, also in its next version. */
const MARKS = ["id", "name", "value", "formaction", "href", "action"];
let turns = 0;
/* Things under way that a replaced panel would break: a press, and the letters of an input method. */
const underway = new Set();

for (const [begin, end] of [
  ["pointerdown", "pointerup"],
  ["pointerdown", "pointercancel"],
  ["keydown", "keyup"],
  ["compositionstart", "compositionend"],
]) {
  aside?.addEventListener(begin, () => underway.add(begin));
  addEventListener(end, () => underway.delete(begin));
}
addEventListener("blur", () => underway.clear());

function signature(element) {
  const words = element.matches("summary") ? element.textContent.trim() : "";
  return [element.tagName, words, ...MARKS.map((mark) => element.getAttribute(mark))].join("\n");
}

/* Return the element of another version of the panel that stands for this one, if there is one. */
function counterpart(element, panel, other) {
  const alike = (root) => findAll(element.tagName, root).filter((one) => signature(one) === signature(element));
  return alike(other)[alike(panel).indexOf(element)];
}

function keepOpenParts(panel, fresh) {
  for (const summary of findAll("details[open] > summary", panel)) {
    const same = counterpart(summary, panel, fresh);
    if (same) same.parentElement.open = true;
  }
}

function keepTypedText(panel, fresh) {
  for (const field of findAll("input:not([type=hidden]), textarea", panel)) {
    const same = field.value !== field.defaultValue && counterpart(field, panel, fresh);
    if (same) same.value = field.value;
  }
}

function replacePanel(panel, fresh) {
  const focused = panel.contains(document.activeElement) ? document.activeElement : null;
  const target = focused && (counterpart(focused, panel, fresh) ?? fresh);
  const caret = focused?.selectionStart ?? null;
  const end = focused?.selectionEnd ?? null;
  keepOpenParts(panel, fresh);
  keepTypedText(panel, fresh);
  panel.replaceWith(fresh);
  if (target === fresh) fresh.tabIndex = -1;
  target?.focus({ preventScroll: true });
  if (caret !== null && target.setSelectionRange) target.setSelectionRange(caret, end);
}

async function refreshQueue() {
  const panel = find("[data-queue]", aside);
  try {
    const { version } = JSON.parse(await fetchText(aside.dataset.ask));
    turns += 1;
    if (String(version) !== panel.dataset.version || turns >= TURNS_UNTIL_FRESH) {
      turns = 0;
      const page = new DOMParser().parseFromString(await fetchText(aside.dataset.fill), "text/html");
      const fresh = find("[data-queue]", page);
      if (fresh.dataset.ticket !== panel.dataset.ticket) {
        if (!isTyped() && !isBusy()) location.reload();
      } else if (underway.size === 0) replacePanel(panel, document.adoptNode(fresh));
    }
  } catch {
    // The server is restarting; the next turn asks again.
  }
  setTimeout(refreshQueue, EVERY);
}

if (aside) setTimeout(refreshQueue, EVERY);
