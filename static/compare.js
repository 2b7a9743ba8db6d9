/* Page "Đối chiếu": keys for the facts, and ticks without a reload. The page works without it.

   A press goes on to the next fact at once; its answer replaces only rows that changed, never one in which somebody
   types. Presses are sent one after the other. */

const find = (selector, root = document) => root.querySelector(selector);
const findAll = (selector, root = document) => [...root.querySelectorAll(selector)];
const TYPED = "input:not([type=radio], [type=checkbox], [type=hidden]), textarea";
/* Names of the rows whose press has no answer yet. */
const waiting = [];
let sent = Promise.resolve();

addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

/* ---- the fact that has the focus, and its line on the picture ---- */

const rowOf = (element) => element?.closest?.("[data-row]");
const row = () => rowOf(document.activeElement);
const isTicked = (item) => Boolean(item.dataset.result || find("[aria-pressed=true]", item));

function showMark() {
  const name = row()?.dataset.row ?? "";
  for (const box of findAll("[data-mark]")) box.classList.toggle("on", box.dataset.mark === name);
  const target = find(name.startsWith("paper") ? "[data-papers]" : "[data-mark].on");
  const frame = find(".paper");
  if (!target) return;
  const place = target.getBoundingClientRect(),
    box = frame.getBoundingClientRect();
  if (place.top < box.top || place.bottom > box.bottom) frame.scrollTop += place.top - box.top - box.height / 3;
}

function focus(target) {
  target?.focus({ preventScroll: true });
  if (target?.matches("input")) target.setSelectionRange(target.value.length, target.value.length);
  (rowOf(target) ?? target)?.scrollIntoView({ block: "nearest" });
}

const focusRow = (item) => focus(find("[name=note], [data-same]", item));

function move(step) {
  const stops = findAll("[data-stop], [name=note]").filter((stop) => stop.checkVisibility() && !stop.closest(".form"));
  const at = stops.findIndex((stop) => stop === document.activeElement || (row() && rowOf(stop) === row()));
  focus(stops[Math.min(Math.max(at + step, 0), stops.length - 1)]);
}

/* Go to the next fact of the list that nobody ticked; after the last one to the next procedure. */
function goOn(from) {
  const rows = findAll("[data-row]", from.parentElement);
  const at = rows.indexOf(from);
  const next = [...rows.slice(at + 1), ...rows.slice(0, at)].find((item) => !isTicked(item));
  if (next) focusRow(next);
  else focus(find(from.classList.contains("form-line") ? "[data-row=form] [data-same]" : "[data-next]"));
}

/* ---- notes ---- */

/* The buttons of a row whose note is open: left in the form, Enter would press the first of them. */
const closed = new WeakMap();

function openNote(item, result, text) {
  const box = find("[data-note-box]").content.firstElementChild.cloneNode(true);
  const input = find("input", box);
  input.id = `note-${item.dataset.row}`;
  input.value = text;
  find("label", box).htmlFor = input.id;
  if (result === "same") find("label", box).textContent = "Ghi chú";
  find("button", box).value = result;
  const pair = find(".pair", item);
  closed.set(item, pair);
  pair.replaceWith(box);
  focus(input);
}

function closeNote(item) {
  const box = find(".note-box", item);
  if (!closed.has(item)) return location.assign(find("[data-back]", box).href);
  box.replaceWith(closed.get(item));
  focusRow(item);
}

/* ---- presses without a reload ---- */

function replace(old, fresh) {
  if (!old || !fresh || old.outerHTML === fresh.outerHTML) return;
  const had = old.contains(document.activeElement) ? document.activeElement : null;
  const top = old.scrollTop;
  old.replaceWith(fresh);
  fresh.scrollTop = top;
  if (had) focus(find("[data-same], [aria-current], a", fresh));
}

function showPage(page, item) {
  for (const fresh of findAll("[data-row]", page)) {
    const old = document.getElementById(fresh.id);
    const isBusy = old && (find("[name=note]", old) || waiting.includes(old.id));
    if (old && (old.id === item.id || !isBusy)) replace(old, fresh);
  }
  for (const name of [".list", ".said", ".printed", ".next", ".form .answers"]) replace(find(name), find(name, page));
  showMark();
}

async function press(form, fields, item) {
  const answer = await fetch(form.action, { method: "post", body: fields, cache: "no-store" });
  if (answer.status === 423) {
    dispatchEvent(new Event("desk-locked"));
    throw new Error("locked");
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!find("body.compare", page)) return location.assign(answer.url);
  find("[data-unsent]").hidden = true;
  showPage(page, item);
  if (!answer.ok) focusRow(document.getElementById(item.id));
}

addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches(".answer")) return;
  event.preventDefault();
  const item = rowOf(form);
  const button = event.submitter;
  if (button?.matches(".differs") && button.value === "differs") return openNote(item, "differs", "");
  const fields = new URLSearchParams(new FormData(form, button));
  const note = find("[name=note]", item);
  if (note) note.readOnly = true;
  if (button?.value === "same") button.setAttribute("aria-pressed", "true");
  if (button?.value === "same" && !note) goOn(item);
  waiting.push(item.id);
  sent = sent.then(async () => {
    try {
      await press(form, fields, item);
      if (note && !find("[name=note]", document.getElementById(item.id))) goOn(document.getElementById(item.id));
    } catch {
      find("[data-unsent]").hidden = false;
      if (button?.value === "same") button.setAttribute("aria-pressed", "false");
      if (note) note.readOnly = false;
    } finally {
      waiting.shift();
    }
  });
});

addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-note], [data-back]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const item = rowOf(link);
  if (link.matches("[data-back]")) closeNote(item);
  else if (!find("[name=note]", item)) openNote(item, link.dataset.note, link.dataset.text);
});

// A link that leaves the page waits for the presses before it.
addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]:not([target], [download], [data-note], [data-back])");
  if (!link || !waiting.length || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  sent.then(() => {
    if (find("[data-unsent]").hidden) location.assign(link.href);
  });
});

addEventListener("focusin", showMark);

/* ---- keys ---- */

const KEYS = { d: "[data-same]", k: "[data-differs]", g: "[data-note]" };

/* At the document, so after scan.js and before the keys of all pages, which leave alone what is taken here. */
document.addEventListener("keydown", (event) => {
  if (event.altKey || event.metaKey || document.documentElement.classList.contains("is-locked")) return;
  if (event.ctrlKey) {
    if (event.key === "Enter") find("[data-next]")?.click();
    return;
  }
  const isTyping = event.target instanceof Element && event.target.matches(TYPED);
  if (event.key === "Escape" && isTyping && row()) {
    event.preventDefault();
    return closeNote(row());
  }
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (event.target.closest?.(".list, .paper")) return;
    event.preventDefault();
    return move(event.key === "ArrowDown" ? 1 : -1);
  }
  const name = !isTyping && !event.repeat && KEYS[event.key.toLowerCase()];
  const button = name && row() && find(name, row());
  if (!button || find("[name=note]", row())) return;
  event.preventDefault();
  button.click();
});

find(".list [aria-current]")?.scrollIntoView({ block: "nearest" });
focus(find("[data-focus]") ?? find("[data-stop]"));
showMark();
