/* Citizen pages: small helps without which every page works too.

   Addresses come from data attributes, words from the page. Nothing is stored: the next person finds nothing. */

import { debounce, fetchLatest, markBusy, parsed, refreshLiveParts, rowsOf, said } from "./fresh_parts.js";
import { showPapers, showRows, showSaidBack } from "./fresh_parts.js";
import { isJustSeen, onceShown, seeMore, showHiddenAbove, updateSeeMore } from "./see_more.js";
import { followIfThere } from "./server_away.js";
import { applySetting, closeSheet, keepTyped, openSheet } from "./sheets.js";

const find = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// A page from the browser's back-forward cache may be another person's: it is never shown.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
addEventListener("contextmenu", (event) => event.preventDefault());

/* ---- plus and minus (typing is in keyboard.js) ---- */

function setValue(field, value) {
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function changeCount(button) {
  const box = button.closest("[data-count]");
  if (changing.has(button.form)) return; // the answer replaces the list and this count
  const field = find("input", box);
  const next = (parseInt(field.value, 10) || 0) + Number(button.dataset.by);
  const takesOut = next < Number(box.dataset.low) && find("[name=drop]", box);
  if (takesOut) takesOut.click();
  else setValue(field, String(Math.min(Math.max(next, Number(box.dataset.low)), Number(box.dataset.high))));
}

/* A counted list is stored at each touch, and comes back with its sum; the page stays where it is. A row that is added
   or dropped takes the counts along: stored once more after it, they would be those of the list before. */
const changing = new WeakSet();

async function storeCounts(form, button) {
  if (!button && changing.has(form)) return;
  if (button) {
    debounce(form, 0, () => {});
    changing.add(form);
  }
  const body = new URLSearchParams(new FormData(form, button));
  if (!button && "keeps" in form.dataset) body.set("save", "1");
  const html = await fetchLatest(form, form.action, { method: "POST", body });
  if (button) changing.delete(form);
  const fresh = html && parsed(html).getElementById(form.id);
  if (fresh) form.replaceWith(document.adoptNode(fresh));
  else if (html) location.reload();
  updateSeeMore();
}

addEventListener(
  "submit",
  (event) => {
    const { target: form, submitter } = event;
    if (!("counts" in form.dataset) || !["add", "drop"].includes(submitter?.name)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    storeCounts(form, submitter);
  },
  true,
);

/* ---- one listener a kind of event ---- */

const CLICK_ACTIONS = {
  "[data-see-more]": seeMore,
  "[data-by]": changeCount,
  "[data-secret]": (button) => {
    const value = find("dd", button.closest("div"));
    [value.textContent, button.dataset.secret] = [button.dataset.secret, value.textContent];
    const words = find("span", button);
    [words.textContent, button.dataset.hide] = [button.dataset.hide, words.textContent];
    button.ariaLabel = `${words.textContent}${button.ariaLabel.slice(button.ariaLabel.indexOf(":"))}`;
  },
  "[data-open]": (button) => {
    const list = document.getElementById(button.getAttribute("aria-controls"));
    list.hidden = !list.hidden;
    button.ariaExpanded = String(!list.hidden);
    if (!list.hidden) list.scrollIntoView({ block: "nearest" });
  },
  "[data-to]": (link) => {
    const target = document.getElementById(link.dataset.to);
    const box = target.matches("input, button") ? target : (find("input, button, a", target) ?? target);
    box.focus();
    // The next key works: it replaces a number, and goes on behind a text.
    if (box.dataset.keyboard === "date") box.select();
    else if (box.dataset.keyboard) box.setSelectionRange(box.value.length, box.value.length);
  },
  "[data-fill]": (button) => setValue(document.getElementById(button.dataset.fill), button.value),
  "[data-sheet]": openSheet,
  "[data-close]": closeSheet,
};

addEventListener("click", (event) => {
  if (event.target.closest(".btn.main") && (isJustSeen() || showHiddenAbove())) {
    event.preventDefault();
    return;
  }
  if (event.target.classList.contains("scrim")) {
    closeSheet();
    return;
  }
  for (const [selector, act] of Object.entries(CLICK_ACTIONS)) {
    const element = event.target.closest(selector);
    if (!element) continue;
    const done = act(element);
    if (selector !== "[data-close]" || done) event.preventDefault();
    return;
  }
  const link = event.target.closest("a[href]");
  if (!link || link.origin !== location.origin) return;
  event.preventDefault();
  if (!link.classList.contains("held")) followIfThere(link);
});

// What a touch has opened comes into sight.
addEventListener("toggle", ({ target }) => target.open && target.scrollIntoView({ block: "nearest" }), true);

addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeSheet();
});

/* A new answer takes the mark of its error away: a message of a date leaves with the next digit. Nothing moves. */
function dropError(box) {
  const question = box.closest(".q, .old-ward");
  if (!question) return;
  find("#said", question)?.replaceChildren();
  find(".wrong-words", question)?.classList.add("gone");
  for (const part of [question, ...all(".wrong", question)]) part.classList.remove("wrong");
  for (const other of all("[aria-invalid]", question)) {
    other.removeAttribute("aria-invalid");
    other.removeAttribute("aria-describedby");
  }
  noteGiven(question);
}

/* The summary counts what is still wrong; whether the new answers are right, the server says. */
function noteGiven(question) {
  const summary = find(".summary[data-given]");
  if (!summary) return;
  const links = all("[data-to]", summary);
  for (const link of links) {
    const box = document.getElementById(link.dataset.to);
    if (box?.closest(".q, .old-ward") === question) link.classList.add("given");
  }
  if (summary.classList.contains("given") || !links.every((link) => link.classList.contains("given"))) return;
  summary.classList.add("given");
  find("h2 span", summary).textContent = summary.dataset.given;
}

addEventListener("input", ({ target }) => {
  if (!target.matches("input, textarea")) return;
  dropError(target);
  if (target.form && "counts" in target.form.dataset) {
    markBusy(target.form);
    debounce(target.form, 150, () => storeCounts(target.form));
  }
  if (target.dataset.liveRows) {
    markBusy(rowsOf(target));
    debounce(target, 120, () => showRows(target));
  }
  if (target.form?.dataset.say) {
    markBusy(said());
    debounce(target.form, 400, () => showSaidBack(target.form));
  }
});

addEventListener("change", ({ target }) => {
  if (target.form?.dataset.ask) showPapers(target.form);
  if (target.form?.dataset.set) applySetting(target);
});

/* ---- the slip of a kept form: printing, printed, or the code has to be written down ---- */

const PAPER_EVERY = 1000; // ms
const SHOWN = 45; // polls that keep the page open while the slip is printed, or a person writes

async function watchPaper(paper, polls = 0) {
  const answer = await fetchLatest(paper, paper.dataset.paper, { cache: "no-store" });
  const state = answer === null ? "printing" : JSON.parse(answer).state;
  for (const part of all("[data-when]")) part.hidden = !part.dataset.when.split(" ").includes(state);
  // The page of a number closes by its own time.
  if (state !== "printed" && polls < SHOWN && !("closes" in paper.dataset)) dispatchEvent(new Event("kiosk:activity"));
  if (state !== "printed") setTimeout(() => watchPaper(paper, polls + 1), PAPER_EVERY);
}
const paper = find("[data-paper]");
if (paper) watchPaper(paper);

/* ---- a transfer: the page is shown again once the bank has told of it ---- */

const MONEY_EVERY = 2000; // ms

async function watchTransfer() {
  const answer = await fetchLatest(document.body, document.body.dataset.awaits, { cache: "no-store" });
  if (answer !== null && JSON.parse(answer).state !== document.body.dataset.state) location.reload();
  else setTimeout(watchTransfer, MONEY_EVERY);
}
if (document.body.dataset.awaits) setTimeout(watchTransfer, MONEY_EVERY);

const BRIEFLY = 8000; // ms
for (const part of all("[data-brief]")) setTimeout(() => part.remove(), BRIEFLY);
keepTyped(find("#idle-keep"));

find("[data-focus]")?.focus();
// Set the caret behind the present text.
const first = find("input[autofocus]");
if (first) {
  const from = first.dataset.keyboard === "date" ? 0 : first.value.length;
  onceShown(() => first.setSelectionRange(from, first.value.length));
}
const start = find("[data-refresh]");
if (start) setInterval(() => refreshLiveParts(start), 60000);
