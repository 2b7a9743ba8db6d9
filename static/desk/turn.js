/* A draft at the desk: whose turn it is, what the officer types, what the citizen or a colleague types.

   The server is asked every 0.6 s, every 1.5 s for a draft that no screen has. The boxes are stored while the officer
   types, again after a fault, and before F5; a text that came too late for the turn stays on the page, under "Chưa ghi
   vào tờ khai". While somebody else types, the page follows. */

import { changedForms } from "./page.js";

const EVERY = 600,
  EVERY_ALONE = 1500,
  TYPED = 300,
  LOCKED = 423;
const AWAY = { silent: "Máy ngoài sảnh không trả lời.", covered: "Màn hình ngoài sảnh đang che." };
const box = document.getElementById("turn-box");
const form = document.getElementById("answer");
const mine = box ? "mine" in box.dataset : false;
const unstored = new Set();
let version = "",
  focus = "",
  leaving = false,
  unsaved = false,
  typed = 0,
  stored = 0,
  storing = Promise.resolve(),
  waiting;

function leaveFor(address) {
  if (leaving || unsaved) return;
  leaving = true;
  location.replace(address);
}

/* The parts of the page that change while the citizen types. */
async function refresh() {
  const answer = await fetch(location.href, { cache: "no-store" });
  if (!answer.ok || answer.redirected) return location.reload();
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of ["#answer", ".assist-pages", ".assist-side"]) {
    const now = document.querySelector(part),
      next = fresh.querySelector(part);
    if (now && next) now.replaceChildren(...next.childNodes);
  }
  return undefined;
}

async function show(state) {
  if (state.go) return leaveFor(state.go);
  if (state.mine !== mine) {
    await storing;
    if (typed !== stored) await storeBoxes(focus);
    // The server is away: the next turn asks again.
    return typed === stored ? leaveFor(location.href.split("?")[0]) : undefined;
  }
  const words = box.querySelector("[data-screen]");
  if (words && state.left !== box.hasAttribute("data-left") && state.left) {
    box.setAttribute("data-left", "");
    words.textContent = "Người dân đã rời máy. Bản khai ở lại quầy.";
  } else if (words && state.away !== (box.dataset.away ?? "")) {
    box.dataset.away = state.away;
    if (!("words" in box.dataset)) box.dataset.words = words.textContent;
    const advice = mine ? "Cứ gõ tiếp, chữ đã ghi vẫn còn." : "Chữ đã ghi vẫn còn.";
    words.textContent = state.away ? `${AWAY[state.away]} ${advice}` : box.dataset.words;
  }
  if (mine) return undefined;
  if (box.hasAttribute("data-asked") && !state.asked) {
    box.removeAttribute("data-asked");
    words.textContent = "Người dân chưa nhường lượt. Có thể xin lại.";
  }
  if (state.url && state.page !== box.dataset.page) return leaveFor(state.url);
  const changed = version && version !== state.version;
  version = state.version;
  return changed ? refresh() : undefined;
}

async function poll() {
  try {
    const query = new URLSearchParams({ page: box.dataset.page, focus });
    const answer = await fetch(`${box.dataset.state}?${query}`, { cache: "no-store" });
    if (answer.status === LOCKED || answer.redirected) return location.reload();
    if (answer.ok) await show(await answer.json());
  } catch {
    // The server is away for a moment: the next turn asks again.
  }
  if (!leaving) setTimeout(poll, "alone" in box.dataset ? EVERY_ALONE : EVERY);
  return undefined;
}

/* ---- what the officer types ---- */

function labelOf(name) {
  const field = form.elements[name];
  const label = field?.labels?.[0] ?? field?.closest?.(".asked")?.querySelector("label, legend");
  return label?.textContent.trim() || name;
}

function keepUnsaved(holder) {
  unsaved = true;
  form.inert = true;
  const part = box.querySelector("[data-unsaved]");
  const lines = [...unstored].map((name) =>
    Object.assign(document.createElement("li"), {
      textContent: `${labelOf(name)}: ${form.elements[name]?.value ?? ""}`,
    }),
  );
  part.querySelector("ul").replaceChildren(...lines);
  part.querySelector("a").href = location.href.split("?")[0];
  part.hidden = box.hidden = false;
  if (holder) box.querySelector("[data-screen]").textContent = `Cán bộ ${holder} đã nhận khai bản này.`;
  box.scrollIntoView({ block: "nearest" });
}

async function storeBoxes(name) {
  const posted = new URLSearchParams();
  for (const [key, value] of new FormData(form)) if (typeof value === "string") posted.set(key, value);
  posted.delete("line");
  posted.set("focus", name);
  const at = typed;
  const request = { method: "POST", body: posted, cache: "no-store" };
  const state = await fetch(box.dataset.live, request)
    .then((answer) => (answer.ok && !answer.redirected ? answer.json() : null))
    .catch(() => null);
  if (!state) {
    if (at === typed) storeSoon(EVERY);
    return;
  }
  stored = at;
  if (state.lost) keepUnsaved(state.holder);
  else if (at === typed) unstored.clear();
}

function storeSoon(delay = TYPED) {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    storing = storeBoxes(focus);
  }, delay);
}

function noteTyped() {
  typed += 1;
  if (focus) unstored.add(focus);
  storeSoon();
}

form?.addEventListener("focusin", (event) => {
  focus = event.target.name ?? "";
});
if (mine)
  form?.addEventListener("input", (event) => {
    focus = event.target.name ?? "";
    noteTyped();
  });
// Letters that were typed before this script ran.
if (mine && changedForms().includes(form)) noteTyped();
/* A reload shows what is stored: it waits for the last letters. */
addEventListener("keydown", async (event) => {
  const isReload = event.key === "F5" || (event.ctrlKey && event.key.toLowerCase() === "r");
  if (!isReload || typed === stored || unsaved) return;
  event.preventDefault();
  await storing;
  if (typed !== stored) await storeBoxes(focus);
  if (typed === stored && !unsaved) location.reload();
});
if (box) poll();
