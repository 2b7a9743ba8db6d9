/* Citizen pages: small helps without which every page works too.

   Addresses come from data attributes, words from the page. Nothing is stored: the next person finds nothing. */

import { debounce, fetchLatest, markBusy, refreshLiveParts, rowsOf, said } from "./fresh_parts.js";
import { showPapers, showRows, showSaidBack } from "./fresh_parts.js";
import { isJustSeen, onceShown, seeMore } from "./see_more.js";
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
  const field = find("input", box);
  const next = (parseInt(field.value, 10) || 0) + Number(button.dataset.by);
  setValue(field, String(Math.min(Math.max(next, Number(box.dataset.low)), Number(box.dataset.high))));
}

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
  if (event.target.closest(".btn.main") && isJustSeen()) {
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

/* The message of a date leaves with the next digit; the server reads the new date back. */
function dropDateError(box) {
  const question = box.closest(".q-date");
  if (!question) return;
  find(".wrong-words", question)?.remove();
  for (const other of all("[aria-invalid]", question)) {
    other.removeAttribute("aria-invalid");
    other.removeAttribute("aria-describedby");
  }
}

addEventListener("input", ({ target }) => {
  if (!target.matches("input")) return;
  dropDateError(target);
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
  for (const part of all("[data-when]")) part.hidden = part.dataset.when !== state;
  if (state !== "printed" && polls < SHOWN) dispatchEvent(new Event("kiosk:activity"));
  if (state !== "printed") setTimeout(() => watchPaper(paper, polls + 1), PAPER_EVERY);
}
const paper = find("[data-paper]");
if (paper) watchPaper(paper);

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
