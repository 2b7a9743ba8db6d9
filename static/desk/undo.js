/* Undo of the last decision: the seconds that are left, Ctrl+Z; Ctrl+Enter for the button of a decision form.

   The server decides whether the time is over. Without this script the strip stays, and its button says so. */

const find = (selector, root = document) => root.querySelector(selector);
const strip = find("[data-undo]");

/* The bar of the case comes back when the time is over: until then no key decides anything more. */
async function restoreBar() {
  strip.hidden = true;
  const html = await fetch(location.href, { cache: "no-store" })
    .then((answer) => (answer.ok ? answer.text() : ""))
    .catch(() => "");
  const fresh = new DOMParser().parseFromString(html, "text/html");
  // The server is away, or its seconds are not over yet: ask again. A reload would lose what is typed.
  if (!html || find("[data-undo]", fresh)) return setTimeout(restoreBar, 1000);
  const bar = find("body > .bar", fresh);
  if (bar && !find("body > .bar")) strip.replaceWith(bar);
  else strip.remove();
}

if (strip) {
  const ends = performance.now() + Number(strip.dataset.undo) * 1000;
  const count = () => {
    const left = Math.ceil((ends - performance.now()) / 1000);
    find("[data-left]", strip).textContent = Math.max(0, left);
    if (left > 0) setTimeout(count, 200);
    else restoreBar();
  };
  count();
}

const KEYS = { z: "Ctrl+z", Enter: "Ctrl+Enter" };

addEventListener("keydown", (event) => {
  if (event.repeat || !event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  const name = KEYS[event.key];
  const button = name && find(`[data-key="${name}"]`);
  // In a box with text Ctrl+Z undoes the typing, as everywhere.
  const isTyping = event.target instanceof Element && event.target.matches("textarea, input") && event.target.value;
  if (!button || (name === "Ctrl+z" && isTyping)) return;
  event.preventDefault();
  button.click();
});
