/* The desk: keys for the buttons, a queue that stays true, and copying answers. Addresses come from the page.

   The page works without it; a button that a key presses is the one that is seen. */

const find = (selector, root = document) => root.querySelector(selector);
const aside = find("[data-fill]");
const EVERY = 3000, TURNS_UNTIL_FRESH = 10;
let turns = 0;

addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

addEventListener("keydown", (event) => {
  if (event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
  const button = find(`[data-key="${CSS.escape(event.key)}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});

async function text(address) {
  const answer = await fetch(address, { cache: "no-store" });
  // Whoever is signed out is led to the door: the page itself must go there.
  if (answer.redirected) location.reload();
  return answer.text();
}

async function look() {
  const panel = find("[data-queue]", aside);
  const isBusy = find("details[open]", aside) || aside.contains(document.activeElement);
  try {
    const { version } = JSON.parse(await text(aside.dataset.ask));
    turns += 1;
    if ((String(version) !== panel.dataset.version || turns >= TURNS_UNTIL_FRESH) && !isBusy) {
      turns = 0;
      const fresh = new DOMParser().parseFromString(await text(aside.dataset.fill), "text/html");
      const other = find("[data-queue]", fresh);
      if (other.dataset.ticket !== panel.dataset.ticket) location.reload();
      else panel.replaceWith(other);
    }
  } catch {
    // The server is starting anew; the next turn asks again.
  }
  setTimeout(look, EVERY);
}

if (aside) setTimeout(look, EVERY);

/* ---- copying answers into another system ---- */

async function copy(button) {
  const from = button.dataset.copyFrom;
  await navigator.clipboard.writeText(from ? await text(from) : button.dataset.copy);
  const said = find("[data-copied]");
  said.hidden = false;
  for (const one of document.querySelectorAll(".was-copied")) one.classList.remove("was-copied");
  button.classList.add("was-copied");
}

addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy], [data-copy-from]");
  if (button) copy(button);
});

/* ---- a box that stays as it was left: it holds no answer ---- */

for (const box of document.querySelectorAll("[data-keep]")) {
  box.checked = localStorage.getItem(box.dataset.keep) === "on";
  box.addEventListener("change", () => localStorage.setItem(box.dataset.keep, box.checked ? "on" : "off"));
}
