/* Keys of the desk: a key presses the button, the link or the box that shows it, in its attribute `data-key`.

   Single letters and digits work only when no field has the focus. A scanner types too, faster than any hand:
   its letters press nothing, and its line opens what it is. */

import { find, findAll } from "./page.js";

const FIELDS = "textarea, select, input:not([type=radio], [type=checkbox])";
/* Milliseconds after which a letter stands alone, and letters of a line that a hand does not type in one go. */
const SCANNER_GAP = 60,
  LEAST_OF_SCAN = 4;
const FUNCTION_KEY = /^F\d+$/;
let burst = "",
  pause;

const isTyping = (target) => target instanceof Element && (target.matches(FIELDS) || target.isContentEditable);
const isCovered = () => Boolean(find("dialog[open]"));

/* On the page of a decision the keys of the queue are off. */
const scope = () => (find("#decide") ? find(".bar") : document);

/* Press the button that the page shows: the folded queue repeats keys of the open one. */
function press(key) {
  const element = findAll(`[data-key="${CSS.escape(key)}"]`, scope()).find((one) => one.checkVisibility());
  if (!element) return false;
  if (element.matches(":is(button, a, label, summary, [type=checkbox]):not([data-key-focuses])")) element.click();
  else {
    element.scrollIntoView({ block: "nearest" });
    element.focus();
  }
  return true;
}

function endBurst() {
  clearTimeout(pause);
  const keys = burst;
  burst = "";
  if (keys.length < LEAST_OF_SCAN) for (const key of keys) press(key.toLowerCase());
}

/* Letters wait for the next one: a scanner sends it at once. */
function takeLetter(event) {
  clearTimeout(pause);
  if (event.key === "Enter" && burst.length >= LEAST_OF_SCAN) {
    event.preventDefault();
    // Where the page has the form of scan.js, that script takes the line.
    if (!find("#scan")) dispatchEvent(new CustomEvent("desk-scanned", { detail: burst }));
    burst = "";
    return;
  }
  if (event.key.length === 1) burst += event.key;
  pause = setTimeout(endBurst, SCANNER_GAP);
}

addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.repeat || event.ctrlKey || event.altKey || event.metaKey || isCovered()) return;
  // Escape leaves the box first (input methods use it too).
  if (event.key === "Escape" && isTyping(event.target)) return event.target.blur();
  if (event.key.length === 1 || (event.key === "Enter" && burst)) {
    if (!isTyping(event.target)) takeLetter(event);
    return;
  }
  if (event.key === "Enter") return;
  // A quick hand presses F10 before the letter stands alone; a scanner presses Shift within a line, and no F key.
  if (FUNCTION_KEY.test(event.key)) endBurst();
  // A key of the queue that is off here does not open the browser's own search or list instead.
  if (press(event.key) || find(`[data-key="${CSS.escape(event.key)}"]`)) event.preventDefault();
});

if (!find("main [autofocus]")) find("[data-start]")?.focus({ preventScroll: true });
