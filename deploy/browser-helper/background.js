/* Background script: takes a case from the desk, fills the page of a listed address, and answers the panel. */

import PAGES from "./pages.js";

const KEPT_FOR = 30 * 60 * 1000; // ms; a case is forgotten then, and when the browser is closed

chrome.action.onClicked.addListener(async (tab) => {
  const nonce = crypto.randomUUID();
  await chrome.storage.session.set({ panel: { nonce, tab: tab.id } });
  try {
    const address = `${chrome.runtime.getURL("panel.html")}#${nonce}`;
    await chrome.scripting.executeScript({ target: { tabId: tab.id }, func: openPanel, args: [address] });
    await chrome.action.setBadgeText({ tabId: tab.id, text: "" });
  } catch {
    await chrome.action.setBadgeText({ tabId: tab.id, text: "–" });
    await chrome.action.setTitle({ tabId: tab.id, title: "Điền giúp: trang này không có trong danh sách" });
  }
});

chrome.runtime.onMessage.addListener((message, sender, respond) => {
  answer(message, sender).then(respond, () => respond({ state: "failed" }));
  return true;
});

/* Only the panel that the officer's last press opened is answered: no page can ask for a case. */
async function answer(message, sender) {
  const { panel } = await chrome.storage.session.get("panel");
  const isOwn = sender.id === chrome.runtime.id && sender.url?.startsWith(chrome.runtime.getURL("panel.html"));
  if (!isOwn || !panel || panel.nonce !== message.nonce || panel.tab !== sender.tab?.id) return { state: "failed" };
  if (message.act === "close") return run(panel.tab, [0], closePanel);
  const frames = await readFrames(panel.tab);
  const desk = frames.find((frame) => frame.id === 0 && PAGES.desks.some((start) => frame.url.startsWith(start)));
  if (desk) return takeCase(panel.tab);
  const kept = await readCase();
  if (!kept) return { state: "empty" };
  return { ...(await fillPage(panel.tab, frames, kept.form, message.act)), form: kept.form, at: kept.at };
}

async function takeCase(tab) {
  const form = await run(tab, [0], readForm);
  if (typeof form?.receiptNo !== "string" || typeof form.national?.justice !== "object") return { state: "no-case" };
  const at = Date.now();
  await chrome.storage.session.set({ kept: { form, at } });
  return { state: "taken", form, at };
}

async function readCase() {
  const { kept } = await chrome.storage.session.get("kept");
  if (kept && Date.now() - kept.at < KEPT_FOR) return kept;
  await chrome.storage.session.remove("kept");
  return null;
}

async function fillPage(tab, frames, form, act) {
  const listed = [];
  for (const frame of frames) {
    const page = PAGES.pages.find((row) => row.addresses.some((start) => frame.url.startsWith(start)));
    if (page) listed.push({ frame: frame.id, page });
  }
  if (!listed.length) return { state: "not-listed" };
  const target = listed.find(({ page }) => page.procedures[form.procedureCode]);
  if (!target) return { state: "unknown", report: { missing: allAnswers(form), filled: [], present: [], rest: [] } };
  const { attribute, procedures } = target.page;
  const rows = procedures[form.procedureCode]
    .map((row) => ({ ...row, value: wordsOf(form, row.from) }))
    .filter((row) => row.value);
  await chrome.scripting.executeScript({ target: { tabId: tab, frameIds: [target.frame] }, files: ["fill.js"] });
  const names = procedures[form.procedureCode].map((row) => row.name);
  const order = { receipt: form.receiptNo, attribute, rows, names };
  const work = act === "clear" ? () => globalThis.wardHelper.clear() : (made) => globalThis.wardHelper.fill(made);
  const { state, report } = await run(tab, [target.frame], work, [order]);
  if (state === "stale") report.missing = allAnswers(form);
  if (state === "filled") report.rest = unlisted(form, rows);
  return { state, report };
}

/* "justice.meHoTen" is the name of a value in the JSON of docs/copying.md. */
function wordsOf(form, from) {
  const [group, name] = from.split(".");
  const value = form.national?.[group]?.[name];
  return typeof value === "string" ? value.normalize("NFC").trim() : "";
}

function allAnswers(form) {
  return form.readable.map(([title, value]) => ({ title, value, reason: "trang khác bản máy biết" }));
}

/* Answers of the form that no row of the list holds, so that none is forgotten. */
function unlisted(form, rows) {
  const known = new Set(rows.map((row) => row.value));
  return form.readable
    .filter(([, value]) => !known.has(value) && !rows.some((row) => row.value.length > 5 && value.includes(row.value)))
    .map(([title, value]) => ({ title, value, reason: "" }));
}

async function readFrames(tab) {
  const target = { tabId: tab, allFrames: true };
  const results = await chrome.scripting.executeScript({ target, func: () => location.href });
  return results.map((row) => ({ id: row.frameId, url: row.result ?? "" }));
}

async function run(tab, frameIds, func, args = []) {
  const [first] = await chrome.scripting.executeScript({ target: { tabId: tab, frameIds }, func, args });
  return first.result;
}

/* The functions below run inside a page. */

async function readForm() {
  const button = document.querySelector("[data-copy-from]");
  if (!button) return null;
  const address = new URL(button.dataset.copyFrom, location.href);
  if (address.origin !== location.origin) return null;
  const response = await fetch(address, { cache: "no-store" });
  return response.ok && !response.redirected ? response.json() : null;
}

function openPanel(address) {
  document.querySelector("ward-helper")?.remove();
  const host = document.createElement("ward-helper");
  const frame = document.createElement("iframe");
  frame.src = address;
  frame.title = "Điền giúp";
  frame.allow = "clipboard-write";
  frame.style.cssText =
    "position:fixed;top:14px;right:14px;width:380px;height:min(656px,calc(100vh - 28px));" +
    "border:0;border-radius:14px;z-index:2147483647;box-shadow:0 4px 24px rgb(0 0 0/.3);color-scheme:light";
  host.attachShadow({ mode: "closed" }).append(frame);
  document.documentElement.append(host);
}

function closePanel() {
  document.querySelector("ward-helper")?.remove();
}
