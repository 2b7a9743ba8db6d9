/* Desk of an officer: keys for the buttons, a queue that updates itself, copying answers. Addresses come from the page.

   The page works without it. A key presses the button that shows it. */

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
  // On the page of a decision the keys of the queue are off. Escape leaves the box first (input methods use it too).
  const isTyping =
    event.target instanceof Element && event.target.matches("textarea, input:not([type=radio], [type=checkbox])");
  if (event.key === "Escape" && isTyping) return event.target.blur();
  const button = find(`[data-key="${CSS.escape(event.key)}"]`, find("#decide") ? find(".bar") : document);
  if (!button) return;
  event.preventDefault();
  button.click();
});

async function fetchText(address) {
  const answer = await fetch(address, { cache: "no-store" });
  // After a sign-out the server redirects to the sign-in page: reload to follow it.
  if (answer.redirected) location.reload();
  if (answer.status === 423) dispatchEvent(new Event("desk-locked"));
  return answer.text();
}

/* ---- text that is typed and not sent yet ---- */

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

/* Send the changed forms and the note; `leaving` is the form that is sent anyway. */
async function sendTyped(leaving) {
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

const showUnsent = () => {
  find("[data-unsent]").hidden = false;
};

const hasUnsent = (leaving) =>
  typed().some((form) => form !== leaving) || Boolean(find("#note")?.value.trim() && find("#note").form !== leaving);

// A button or a link that leaves the page sends what was typed first. Without an answer the page stays.
addEventListener("submit", async (event) => {
  if (event.defaultPrevented || !hasUnsent(event.target)) return;
  event.preventDefault();
  try {
    await sendTyped(event.target);
    event.target.requestSubmit(event.submitter);
  } catch {
    showUnsent();
  }
});

addEventListener("click", async (event) => {
  const link = event.target.closest("a[href]:not([target])");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !hasUnsent(null)) return;
  event.preventDefault();
  try {
    await sendTyped(null);
    location.assign(link.href);
  } catch {
    showUnsent();
  }
});

async function refreshQueue() {
  const panel = find("[data-queue]", aside);
  const isBusy = find("details[open]", aside) || aside.contains(document.activeElement);
  try {
    const { version } = JSON.parse(await fetchText(aside.dataset.ask));
    turns += 1;
    if ((String(version) !== panel.dataset.version || turns >= TURNS_UNTIL_FRESH) && !isBusy) {
      turns = 0;
      const fresh = new DOMParser().parseFromString(await fetchText(aside.dataset.fill), "text/html");
      const other = find("[data-queue]", fresh);
      if (other.dataset.ticket !== panel.dataset.ticket) {
        if (!isTyped()) location.reload();
      } else panel.replaceWith(other);
    }
  } catch {
    // The server is restarting; the next turn asks again.
  }
  setTimeout(refreshQueue, EVERY);
}

if (aside) setTimeout(refreshQueue, EVERY);

/* ---- copying answers into another system ---- */

async function copyAnswer(button) {
  const from = button.dataset.copyFrom;
  await navigator.clipboard.writeText(from ? await fetchText(from) : button.dataset.copy);
  const said = find("[data-copied]");
  said.hidden = false;
  for (const one of document.querySelectorAll(".was-copied")) one.classList.remove("was-copied");
  button.classList.add("was-copied");
}

addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy], [data-copy-from]");
  if (button) copyAnswer(button);
});

/* ---- typing a day chooses its radio button ---- */

addEventListener("input", ({ target }) => {
  const group = target.closest?.("fieldset"),
    box = group && find("[data-picks]", group);
  if (!box) return;
  const radio = find(`[type=radio][value="${CSS.escape(box.dataset.picks)}"]`, group);
  if (target === box) radio.checked = true;
  else if (target.type === "radio" && target !== radio) box.value = "";
});
/* ---- check boxes of the view that the browser remembers: they hold no answer ---- */

for (const box of document.querySelectorAll("[data-remember]")) {
  box.checked = localStorage.getItem(box.dataset.remember) === "on";
  box.addEventListener("change", () => localStorage.setItem(box.dataset.remember, box.checked ? "on" : "off"));
}
