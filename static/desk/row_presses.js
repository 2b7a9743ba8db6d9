/* Keys of a list with one button a row: up and down go from button to button, Enter presses the one in focus. */

const STEPS = { ArrowUp: -1, ArrowDown: 1 };

addEventListener("keydown", (event) => {
  const step = STEPS[event.key];
  if (!step || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  const buttons = [...document.querySelectorAll("[data-row-press]")];
  const place = buttons.indexOf(document.activeElement);
  // The first key goes to the first row, also after a press, when the page is new.
  if (place < 0 && document.activeElement !== document.body) return;
  event.preventDefault();
  const next = place < 0 ? 0 : Math.min(Math.max(place + step, 0), buttons.length - 1);
  buttons[next]?.focus();
});
