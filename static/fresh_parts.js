/* Fresh parts of a citizen page, asked for without leaving it: rows of a search, a date read back, papers, the queue.

   A later question for the same part takes the place of an earlier one. */

import { onceShown, showAnotherPage, updateSeeMore } from "./see_more.js";

const find = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

export const parsed = (html) => new DOMParser().parseFromString(html, "text/html");

const asked = new WeakMap();

/* Fetch a text for a part of the page; a later question for the same part takes its place. */
export async function fetchLatest(part, address, options) {
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
export function markBusy(part) {
  asked.get(part)?.abort();
  asked.delete(part);
  part.ariaBusy = "true";
}

const timers = new WeakMap();
export function debounce(element, milliseconds, act) {
  clearTimeout(timers.get(element));
  timers.set(element, setTimeout(act, milliseconds));
}

// A touch within this time means the row that was there before: new rows ignore it.
const GLANCE = 300; // ms

export const rowsOf = (field) => document.getElementById(field.dataset.rows);

export async function showRows(field) {
  const rows = rowsOf(field);
  const html = await fetchLatest(rows, `${field.dataset.liveRows}?${new URLSearchParams({ q: field.value })}`);
  if (html === null) return;
  rows.innerHTML = html;
  rows.classList.add("fresh");
  // The time begins when the rows are painted: a slow machine may show them late.
  onceShown(() => debounce(rows, GLANCE, () => rows.classList.remove("fresh")));
}

export const said = () => find("#said");

export async function showSaidBack(form) {
  const body = new URLSearchParams(new FormData(form));
  const html = await fetchLatest(said(), form.dataset.say, { method: "POST", body });
  if (html === null) return;
  said().innerHTML = html;
}

export async function showPapers(form) {
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

export async function refreshLiveParts(part) {
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
