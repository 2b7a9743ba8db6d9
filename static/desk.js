/* The desk: keys for the buttons, a queue that stays true, and copying answers. Addresses come from the page.

   The page works without it; a button that a key presses is the one that is seen. */

const find = (selector, root = document) => root.querySelector(selector);
const aside = find("[data-fill]");
const EVERY = 3000,
  TURNS_UNTIL_FRESH = 10;
let turns = 0;

addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

addEventListener("keydown", (event) => {
  if (event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
  // While a decision is written no key of the queue counts, and Escape first leaves the box (input methods use it too).
  const isTyping =
    event.target instanceof Element && event.target.matches("textarea, input:not([type=radio], [type=checkbox])");
  if (event.key === "Escape" && isTyping) return event.target.blur();
  const button = find(`[data-key="${CSS.escape(event.key)}"]`, find("#decide") ? find(".bar") : document);
  if (!button) return;
  event.preventDefault();
  button.click();
});

async function text(address) {
  const answer = await fetch(address, { cache: "no-store" });
  // Whoever is signed out is led to the door: the page itself must go there.
  if (answer.redirected) location.reload();
  if (answer.status === 423) dispatchEvent(new Event("desk-locked"));
  return answer.text();
}

/* ---- what was typed and not kept yet ---- */

const typed = () => [...document.querySelectorAll("form[data-keep]")].filter((form) => form.dataset.changed);
const isTyped = () => typed().length > 0 || Boolean(find("#note")?.value.trim());

addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.hasAttribute("data-keep")) form.dataset.changed = "yes";
});

async function send(address, form) {
  const answer = await fetch(address, { method: "post", body: new URLSearchParams(new FormData(form)) });
  if (!answer.ok) throw new Error(answer.statusText);
}

/* Send what stands in the boxes to where it belongs; what `leaving` carries itself is left to it. */
async function keep(leaving) {
  for (const form of typed())
    if (form !== leaving) {
      await send(form.action, form);
      delete form.dataset.changed;
    }
  const note = find("#note");
  if (!note?.value.trim() || note.form === leaving) return;
  await send(find("[data-note]").formAction, note.form);
  note.value = "";
}

const say = () => {
  find("[data-unsent]").hidden = false;
};

const isLeftBehind = (leaving) =>
  typed().some((form) => form !== leaving) || Boolean(find("#note")?.value.trim() && find("#note").form !== leaving);

// Whoever leaves the page by a button or a link leaves nothing behind. Is the server away, nothing leaves at all.
addEventListener("submit", async (event) => {
  if (event.defaultPrevented || !isLeftBehind(event.target)) return;
  event.preventDefault();
  try {
    await keep(event.target);
    event.target.requestSubmit(event.submitter);
  } catch {
    say();
  }
});

addEventListener("click", async (event) => {
  const link = event.target.closest("a[href]:not([target])");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !isLeftBehind(null)) return;
  event.preventDefault();
  try {
    await keep(null);
    location.assign(link.href);
  } catch {
    say();
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
      if (other.dataset.ticket !== panel.dataset.ticket) {
        if (!isTyped()) location.reload();
      } else panel.replaceWith(other);
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

/* ---- a day that is typed is the day that is meant ---- */

addEventListener("input", ({ target }) => {
  const group = target.closest?.("fieldset"),
    box = group && find("[data-picks]", group);
  if (!box) return;
  const radio = find(`[type=radio][value="${CSS.escape(box.dataset.picks)}"]`, group);
  if (target === box) radio.checked = true;
  else if (target.type === "radio" && target !== radio) box.value = "";
});
/* ---- a box that stays as it was left: it holds no answer ---- */

for (const box of document.querySelectorAll("[data-remember]")) {
  box.checked = localStorage.getItem(box.dataset.remember) === "on";
  box.addEventListener("change", () => localStorage.setItem(box.dataset.remember, box.checked ? "on" : "off"));
}
