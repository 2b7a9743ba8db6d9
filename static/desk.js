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

/* ---- what was typed and not kept yet ---- */

const typed = () => [...document.querySelectorAll("form[data-keep]")].filter((form) => form.dataset.changed);
const isTyped = () => typed().length > 0 || Boolean(find("#note")?.value.trim());

addEventListener("input", (event) => { const form = event.target.form; if (form?.hasAttribute("data-keep")) form.dataset.changed = "yes"; });

// A button of the queue leaves the page: what stands in its boxes is sent to where it belongs first.
addEventListener("submit", async (event) => {
  const forms = event.target.id === "tap" ? typed() : [];
  if (!forms.length) return;
  event.preventDefault();
  try {
    for (const form of forms) {
      const answer = await fetch(form.action, { method: "post", body: new URLSearchParams(new FormData(form)) });
      if (!answer.ok) throw new Error(answer.statusText);
      delete form.dataset.changed;
    }
    event.target.requestSubmit(event.submitter);
  } catch {
    // The server is away: nothing leaves, and the boxes keep what was typed.
  }
});

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
      if (other.dataset.ticket !== panel.dataset.ticket) { if (!isTyped()) location.reload(); }
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
