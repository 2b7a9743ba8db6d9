/* Page "Đối chiếu": keys for the facts, and ticks without a reload. The page works without it.

   A press sends its form and shows the answer in place of the page, so that the lists stay where they are. */

const find = (selector, root = document) => root.querySelector(selector);
const TYPED = "input:not([type=radio], [type=checkbox], [type=hidden]), textarea";
let isSending = false;

addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

/* ---- the fact that has the focus, and its line on the picture ---- */

const rowOf = (element) => element?.closest?.("[data-row]");
const row = () => rowOf(document.activeElement) ?? rowOf(find("[data-focus]"));

function showMark() {
  const name = row()?.dataset.row ?? "";
  for (const box of document.querySelectorAll("[data-mark]")) box.classList.toggle("on", box.dataset.mark === name);
  const kind = name.split("-")[0];
  const target = kind === "paper" ? find("[data-papers]") : find("[data-mark].on");
  const frame = find(".paper");
  if (!target || !frame) return;
  const place = target.getBoundingClientRect(),
    box = frame.getBoundingClientRect();
  if (place.top < box.top || place.bottom > box.bottom) frame.scrollTop += place.top - box.top - box.height / 3;
}

function focusFirst() {
  const target = find("[data-focus]") ?? find("[data-stop]");
  target?.focus({ preventScroll: true });
  target?.setSelectionRange?.(target.value.length, target.value.length);
  (rowOf(target) ?? target)?.scrollIntoView({ block: "nearest" });
  showMark();
}

function move(step) {
  const stops = [...document.querySelectorAll("[data-stop], #note")].filter((stop) => stop.checkVisibility());
  const here = rowOf(document.activeElement);
  const at = stops.findIndex((stop) => stop === document.activeElement || (here && rowOf(stop) === here));
  const target = stops[Math.min(Math.max(at + step, 0), stops.length - 1)];
  target?.focus({ preventScroll: true });
  (rowOf(target) ?? target)?.scrollIntoView({ block: "nearest" });
}

/* ---- presses without a reload ---- */

async function show(answer) {
  if (answer.status === 423) return dispatchEvent(new Event("desk-locked"));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const main = find("body.compare > main", page);
  if (!main) return location.assign(answer.url);
  const places = [".list", ".facts", ".paper"].map((name) => [name, find(name).scrollTop]);
  find("main").replaceWith(main);
  for (const [name, top] of places) find(name).scrollTop = top;
  document.title = page.title;
  history.replaceState(null, "", answer.url);
  find("[data-unsent]").hidden = true;
  focusFirst();
}

async function load(address, options) {
  if (isSending) return;
  isSending = true;
  try {
    await show(await fetch(address, { cache: "no-store", ...options }));
  } catch {
    find("[data-unsent]").hidden = false;
  } finally {
    isSending = false;
  }
}

addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches(".answer")) return;
  event.preventDefault();
  load(form.action, { method: "post", body: new URLSearchParams(new FormData(form, event.submitter)) });
});

addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-note], [data-back]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  load(link.href);
});

addEventListener("focusin", showMark);

/* ---- keys ---- */

const KEYS = { d: "[data-same]", k: "[data-differs]", g: "[data-note]" };

addEventListener("keydown", (event) => {
  if (event.altKey || event.metaKey || document.documentElement.classList.contains("is-locked")) return;
  if (event.ctrlKey) {
    if (event.key === "Enter") find("[data-next]")?.click();
    return;
  }
  const isTyping = event.target instanceof Element && event.target.matches(TYPED);
  if (event.key === "Escape" && isTyping) return find("[data-back]")?.click();
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (event.target.closest?.(".list, .paper")) return;
    event.preventDefault();
    return move(event.key === "ArrowDown" ? 1 : -1);
  }
  const target = !isTyping && !event.repeat && KEYS[event.key.toLowerCase()];
  const button = target && find(target, row() ?? document.createElement("p"));
  if (!button) return;
  event.preventDefault();
  button.click();
});

find(".list [aria-current]")?.scrollIntoView({ block: "nearest" });
focusFirst();
