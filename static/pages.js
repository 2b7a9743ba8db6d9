/* Citizen pages: small helps without which every page works too.

   Addresses come from data attributes, words from the page. Nothing is stored: the next person finds nothing. */

import { isJustSeen, onceShown, seeMore, showAnotherPage, updateSeeMore } from "./see_more.js";

const find = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const root = document.documentElement;

// A page from the browser's back-forward cache may be another person's: it is never shown.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
addEventListener("contextmenu", (event) => event.preventDefault());

const parsed = (html) => new DOMParser().parseFromString(html, "text/html");

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

/* ---- asking the server without leaving the page ---- */

const asked = new WeakMap();

/* Fetch a text for a part of the page; a later question for the same part takes its place. */
async function fetchLatest(part, address, options) {
  asked.get(part)?.abort();
  const question = new AbortController();
  asked.set(part, question);
  try {
    const answer = await fetch(address, { ...options, signal: question.signal });
    return answer.ok ? await answer.text() : null;
  } catch (fault) {
    if (fault.name === "AbortError" || fault instanceof TypeError) return null;
    throw fault;
  } finally {
    if (asked.get(part) === question) part.ariaBusy = null;
  }
}

/* Mark a part that will be asked for: the answer to an earlier question is too late for it. */
function markBusy(part) {
  asked.get(part)?.abort();
  asked.delete(part);
  part.ariaBusy = "true";
}

const timers = new WeakMap();
function debounce(element, milliseconds, act) {
  clearTimeout(timers.get(element));
  timers.set(element, setTimeout(act, milliseconds));
}

// A touch within this time means the row that was there before: new rows ignore it.
const GLANCE = 300; // ms

const rowsOf = (field) => document.getElementById(field.dataset.rows);

async function showRows(field) {
  const rows = rowsOf(field);
  const html = await fetchLatest(rows, `${field.dataset.liveRows}?${new URLSearchParams({ q: field.value })}`);
  if (html === null) return;
  rows.innerHTML = html;
  rows.classList.add("fresh");
  // The time begins when the rows are painted: a slow machine may show them late.
  onceShown(() => debounce(rows, GLANCE, () => rows.classList.remove("fresh")));
}

const said = () => find("#said");

async function showSaidBack(form) {
  const body = new URLSearchParams(new FormData(form));
  const html = await fetchLatest(said(), form.dataset.say, { method: "POST", body });
  if (html === null) return;
  for (const stale of all(".said-back", form)) stale.remove();
  said().innerHTML = html;
  // The answer must not push the field under the keyboard.
  document.activeElement?.closest(".date, .q")?.scrollIntoView({ block: "nearest" });
}

async function showPapers(form) {
  const answers = new URLSearchParams(new FormData(form));
  answers.delete("csrf");
  markBusy(form);
  const html = await fetchLatest(form, `${form.dataset.ask}?${answers}`);
  if (html === null) return;
  const page = parsed(html);
  for (const fresh of all("[data-swap]", page)) {
    document.getElementById(fresh.id)?.replaceWith(document.adoptNode(fresh));
  }
  // The last answer brings the papers in the place of the questions.
  if (find("#situation[data-swap]")) showAnotherPage();
  else updateSeeMore();
}

async function refreshLiveParts(part) {
  const html = await fetchLatest(part, part.dataset.refresh);
  if (html === null) return;
  const page = parsed(html);
  const copy = (selector, property) =>
    all(selector, page).forEach((fresh, n) => {
      const old = all(selector)[n];
      if (old && old[property] !== fresh[property]) old[property] = fresh[property];
    });
  copy("[data-live]", "textContent");
  copy("input[name=csrf]", "value");
}

/* ---- sheets: "Cỡ chữ, màu" and "Kết thúc" over the page ---- */

const under = () => all("body > header, body > main, .dock, .keyboard");

function closeSheet() {
  const sheet = find(".scrim");
  if (!sheet) return false;
  sheet.remove();
  for (const part of under()) part.inert = false;
  find("[data-sheet][aria-expanded]")?.removeAttribute("aria-expanded");
  return true;
}

/* While the server is away the page stays, with what is typed: the touch can be repeated. */
function showAway(isAway) {
  find("#server-away").hidden = !isAway;
}

async function fetchSheet(link) {
  const answer = await fetch(link.href);
  return answer.ok ? find(".sheet", parsed(await answer.text())) : null;
}

let opening = null;

async function openSheet(link) {
  // A second touch before the answer to the first asks for nothing more.
  if (opening === link) return;
  const again = link.ariaExpanded === "true";
  closeSheet();
  if (again) return;
  opening = link;
  const sheet = await fetchSheet(link).catch(() => undefined);
  // Another sheet was touched meanwhile.
  if (opening !== link) return;
  opening = null;
  showAway(sheet === undefined);
  if (sheet) showSheet(link, sheet);
  else if (sheet === null) location.assign(link.href);
}

function showSheet(link, sheet) {
  const heading = document.createElement("h2");
  heading.id = "sheet-title";
  heading.tabIndex = -1;
  heading.className = "h1";
  heading.append(...find("h1", sheet).childNodes);
  find("h1", sheet).replaceWith(heading);
  const scrim = document.createElement("div");
  scrim.className = "scrim";
  scrim.setAttribute("role", "dialog");
  scrim.setAttribute("aria-labelledby", heading.id);
  scrim.style.setProperty("--foot", `${find(".foot").offsetHeight}px`);
  scrim.append(document.adoptNode(sheet));
  find(".low").before(scrim);
  keepTyped(scrim);
  for (const part of under()) part.inert = true;
  link.ariaExpanded = "true";
  heading.focus({ preventScroll: true });
}

const boxes = () => find("form#answer[data-keeps]");

/* Store what stands in the boxes of the page, then go on. While the server is away the page stays. */
async function storeThen(goOn) {
  const answer = boxes();
  const body = new URLSearchParams(new FormData(answer));
  body.set("save", "1");
  const saved = await fetch(answer.action, { method: "POST", body, redirect: "manual" }).catch(() => null);
  const isAway = !saved || saved.status >= 500;
  showAway(isAway);
  if (isAway) closeSheet();
  else if (saved.type === "opaqueredirect") await goOn();
  // The server's page says why the boxes cannot be stored, and shows them.
  else answer.requestSubmit();
}

/* Keep the form with what is typed on its page: the boxes are stored before the button's own form is sent. */
function keepTyped(part) {
  const button = part && find("[data-keep]", part);
  if (!button || !boxes()) return;
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    if (button.ariaBusy) return;
    button.ariaBusy = "true";
    // The idle screen would count on meanwhile, and delete the form at the end.
    dispatchEvent(new Event("kiosk:activity"));
    await storeThen(() => button.form.requestSubmit(button));
    button.ariaBusy = null;
  });
}

async function applySetting(input) {
  const form = input.form;
  const body = new URLSearchParams({ csrf: form.elements.csrf.value, name: input.name, value: input.value });
  const post = () => fetch(form.dataset.set, { method: "POST", body, redirect: "manual" }).catch(() => null);
  if (input.name !== "lang") {
    if (input.value) root.dataset[input.name] = input.value;
    else delete root.dataset[input.name];
    const scrim = find(".scrim");
    scrim?.style.setProperty("--foot", `${find(".foot").offsetHeight}px`);
    await post();
    return;
  }
  const reload = async () => {
    if (await post()) location.reload();
    else showAway(true);
  };
  // The page comes back in the other language: what is typed must be stored by then.
  if (boxes()) await storeThen(reload);
  else await reload();
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

/* A form goes only to a server that answers: else the browser's own error page takes the place of what is typed. */
const ANSWERS_WITHIN = 4000; // ms

async function isThere() {
  const options = { cache: "no-store", signal: AbortSignal.timeout(ANSWERS_WITHIN) };
  const answer = await fetch(root.dataset.alive, options).catch(() => null);
  return Boolean(answer?.ok);
}

async function followIfThere(link) {
  link.classList.add("held");
  const isAway = !(await isThere());
  link.classList.remove("held");
  showAway(isAway);
  if (!isAway) location.assign(link.href);
}

async function sendIfThere(form, submitter) {
  const isAway = !(await isThere());
  showAway(isAway);
  form.sent = false;
  submitter?.classList.remove("held");
  if (isAway) return;
  form.answered = true;
  form.requestSubmit(submitter);
}

addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  // static/call.js sends the call for an officer without leaving the page.
  if (event.defaultPrevented || form.hasAttribute("data-help")) return;
  if (form.method !== "post") return;
  // Repeated touches on the button count once: the first request is running.
  if (form.sent) {
    event.preventDefault();
    return;
  }
  form.sent = true;
  submitter?.classList.add("held");
  // A script that sends a form, such as the scanner's, does not wait.
  if (submitter && !form.answered) {
    event.preventDefault();
    dispatchEvent(new Event("kiosk:activity"));
    sendIfThere(form, submitter);
    return;
  }
  if (submitter?.dataset.busy) submitter.textContent = submitter.dataset.busy;
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
