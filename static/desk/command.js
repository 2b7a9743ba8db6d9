/* Field for everything (Ctrl+K): numbers, slips, persons and acts by one text, typed or scanned.

   The server finds numbers, slips and persons; the acts are the buttons and links of the page behind.
   "?" shows the keys of the page. */

import { find, findAll, fold } from "./page.js";
import { open } from "./sending.js";

const dialog = find("[data-finds]");
const WAIT = 150,
  MENU = "nav a, .menu a",
  ACTS = `${MENU}, .bar :is(button, a), .queue button[data-key], .shift button, .copying :is(button, a),
    [data-key]:is(a, button), .correct-acts :is(a, button)`;
const field = dialog && find("[name=text]", dialog);
let asked = 0,
  timer;

/* Words of a button or link, without its key. */
function wordsOf(element) {
  if (element.ariaLabel) return element.ariaLabel;
  const copy = element.cloneNode(true);
  for (const part of findAll("kbd, svg, h2 > b", copy)) part.remove();
  return copy.textContent.replace(/\s+/g, " ").trim();
}

/* ---- the results ---- */

const rows = () => findAll("[role=option]", dialog);
const chosen = () => find("[aria-selected=true]", dialog);

function choose(row) {
  chosen()?.setAttribute("aria-selected", "false");
  row?.setAttribute("aria-selected", "true");
  row?.scrollIntoView({ block: "nearest" });
}

function move(step) {
  const all = rows();
  choose(all[Math.min(Math.max(all.indexOf(chosen()) + step, 0), all.length - 1)]);
}

function actRow(element) {
  const row = document.createElement("li");
  row.setAttribute("role", "option");
  row.setAttribute("aria-selected", "false");
  row.append(find("[data-act-icon]").content.cloneNode(true));
  const words = document.createElement("p");
  const name = document.createElement("b");
  name.textContent = wordsOf(element);
  words.append(name);
  const does = document.createElement("span");
  does.className = "does";
  does.textContent = "Làm";
  row.append(words, does);
  row.addEventListener("press", () => {
    dialog.close();
    element.click();
  });
  return row;
}

/* A link of the top bar works while its menu is closed. */
const isOffered = (element) => element.matches(MENU) || element.checkVisibility();

function acts(text) {
  const wanted = fold(text).trim();
  if (!wanted) return [];
  const seen = new Set();
  return findAll(ACTS).filter((element) => {
    const words = fold(wordsOf(element));
    const isFound = words.split(" ").some((_, at, all) => all.slice(at).join(" ").startsWith(wanted));
    const isNew = isFound && !seen.has(words) && !element.closest("dialog") && isOffered(element);
    if (isNew) seen.add(words);
    return isNew;
  });
}

function showActs(results, text) {
  const found = acts(text);
  if (!found.length) return;
  const section = document.createElement("section");
  const title = document.createElement("h2");
  title.textContent = "Việc";
  const list = document.createElement("ul");
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", title.textContent);
  list.append(...found.map(actRow));
  section.append(title, list);
  results.insertBefore(section, find("[data-names]", results));
}

function showResults(results, text) {
  showActs(results, text);
  find("[data-results]", dialog).replaceWith(results);
  field.dataset.shown = text;
  const count = rows().length;
  const none = text ? "Không thấy. Thử số phiếu, họ tên đầy đủ hoặc quét thẻ." : "";
  find("[data-count]", dialog).textContent = count ? `${count} kết quả, chỉ tìm trong phường` : none;
  // A person is looked up only when the officer chooses it, and never instead of an act.
  choose(rows().find((row) => !row.hasAttribute("data-person")) ?? rows()[0]);
}

async function ask(more = {}) {
  const text = field.value.trim();
  asked += 1;
  const mine = asked;
  const body = new URLSearchParams({ csrf: find("[name=csrf]", dialog).value, text, ...more });
  let answer = null;
  try {
    answer = text ? await fetch(dialog.dataset.finds, { method: "post", body, cache: "no-store" }) : null;
  } catch {
    answer = null;
  }
  if (mine !== asked) return;
  if (answer?.status === 423) return dispatchEvent(new Event("desk-locked"));
  if (answer?.redirected) return dispatchEvent(new Event("desk-ended"));
  const target = answer?.status === 204 && answer.headers.get("Location");
  if (target) return open(new URL(target, location.href));
  const page = new DOMParser().parseFromString(answer ? await answer.text() : "", "text/html");
  const empty = document.createElement("div");
  empty.dataset.results = "";
  showResults(find("[data-results]", page) ?? empty, text);
}

/* ---- open, choose, call ---- */

function press(row) {
  if (!row) return;
  if (row.hasAttribute("data-person")) return ask({ person: "1" });
  if (row.dataset.url) return open(new URL(row.dataset.url, location.href));
  if (row.dataset.call) return call(row);
  row.dispatchEvent(new Event("press"));
}

/* Call a number through the form of the queue: its nonce makes a second press change nothing. */
function call(row) {
  const form = find("[data-call-form]", dialog);
  const tap = find("#tap");
  if (!row?.dataset.call || !form) {
    find("[data-count]", dialog).textContent = row ? "Dòng này không gọi được: không phải số đang chờ." : "";
    return;
  }
  form.elements.nonce.value = tap?.elements.nonce.value ?? crypto.randomUUID();
  if (tap) form.elements.ticket.value = tap.elements.ticket.value;
  form.elements.this.value = row.dataset.call;
  dialog.close();
  form.requestSubmit();
}

function showKeys() {
  const list = find("[data-keys]", dialog);
  const pairs = new Map();
  for (const element of findAll("[data-key]")) {
    if (element.closest("dialog") || !element.checkVisibility()) continue;
    const key = element.dataset.key;
    if (/^[1-9]$/.test(key)) pairs.set("1 … 9", "tích giấy tờ");
    else pairs.set(key.length === 1 ? key.toUpperCase() : (KEY_WORDS[key] ?? key), wordsOf(element));
  }
  pairs.set("F1", "khóa máy").set("Ctrl K", "mở ô này").set("?", "hiện phím");
  list.replaceChildren(
    ...[...pairs].flatMap(([key, words]) => {
      const name = document.createElement("dt");
      const frame = document.createElement("kbd");
      frame.textContent = key;
      name.append(frame);
      const text = document.createElement("dd");
      text.textContent = words;
      return [name, text];
    }),
  );
}

const KEY_WORDS = { Escape: "Esc", ArrowLeft: "←", ArrowRight: "→" };

function show(text = "") {
  if (find("dialog[open]") && !dialog.open) return;
  showKeys();
  field.value = text;
  if (!dialog.open) dialog.showModal();
  field.focus();
  field.select();
  if (!text) ask();
}

if (dialog) {
  addEventListener("keydown", (event) => {
    const isCommand = event.ctrlKey && !event.altKey && event.key.toLowerCase() === "k";
    const isHelp = event.key === "?" && !find("dialog[open]") && !event.target.matches?.("input, textarea, select");
    if (!isCommand && !isHelp) return;
    event.preventDefault();
    show();
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && event.target === field) {
      event.preventDefault();
      clearTimeout(timer);
      pressTyped(event.ctrlKey);
    }
  });
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  find("[data-found]", dialog).addEventListener("click", (event) => {
    const row = event.target.closest("[role=option]");
    if (!row) return;
    choose(row);
    press(row);
  });
  find("[data-close]", dialog).addEventListener("click", () => dialog.close());
  find("[data-command]")?.addEventListener("click", (event) => {
    event.preventDefault();
    show();
  });
  addEventListener("desk-scanned", ({ detail }) => {
    show(detail);
    ask({ scan: "1" });
  });
}

/* Enter may come before the answer to the last letters: ask once more, then press. */
async function pressTyped(isCall) {
  if (field.value.trim() !== field.dataset.shown) await ask(field.value.includes("|") ? { scan: "1" } : {});
  // The server led elsewhere, or a later press is on its way with its own answer.
  if (field.value.trim() !== field.dataset.shown) return;
  if (isCall) call(chosen());
  else press(chosen());
}
