/* A touch that slides: a trembling finger still chooses the option or button on which its touch began and ended.

   The browser takes a slide of 4 mm for a swipe. Here a touch on a control scrolls only from 10 mm on; a touch that
   ends on another control chooses nothing. The keys of the board do the same by themselves (keyboard/touch.js). */

const LONGEST = 10; // mm
const CLICKED = 8; // CSS pixels up to which the browser itself clicks
const CONTROLS = "a[href], button, summary, .opt";

let touch = null;

const millimetre = () => parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--mm"));

function begin(event) {
  const control = event.target.closest?.(CONTROLS);
  touch = null;
  if (event.touches.length > 1 || !control || control.closest("#keyboard")) return;
  const [{ identifier, clientX: x, clientY: y }] = event.changedTouches;
  touch = { control, identifier, x, y, far: 0, longest: LONGEST * millimetre() };
}

function move(event) {
  const point = touch && [...event.changedTouches].find(({ identifier }) => identifier === touch.identifier);
  if (!point) return;
  touch.far = Math.max(touch.far, Math.hypot(point.clientX - touch.x, point.clientY - touch.y));
  if (touch.far <= touch.longest && event.cancelable) event.preventDefault();
}

function end(event) {
  const ended = touch;
  touch = null;
  if (!ended || ended.far <= CLICKED || ended.far > ended.longest || event.touches.length) return;
  const [{ clientX, clientY }] = event.changedTouches;
  if (event.cancelable) event.preventDefault();
  if (ended.control.contains(document.elementFromPoint(clientX, clientY))) press(ended.control);
}

/* What the browser does at a touch: the focus moves, unless a script keeps it, then the control is clicked. */
function press(control) {
  const target = control.matches(".opt") ? control.querySelector("input") : control;
  const takesFocus = target.dispatchEvent(new MouseEvent("mousedown", { bubbles: true, cancelable: true }));
  if (takesFocus) target.focus({ preventScroll: true });
  target.click();
}

addEventListener("touchstart", begin, { passive: true });
addEventListener("touchmove", move, { passive: false });
addEventListener("touchend", end, { passive: false });
addEventListener("touchcancel", () => {
  touch = null;
});
