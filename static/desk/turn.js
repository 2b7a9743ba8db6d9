/* A citizen's draft at the desk: whose turn it is, what the officer types, what the citizen types.

   The server is asked every 0.6 s. The boxes are stored while the officer types, again after a fault; a text that came
   too late for the turn stays on the page, under "Chưa ghi vào tờ khai". While the citizen types, the page follows the
   screen. */

import { changedForms } from "./page.js";

const EVERY = 600,
  TYPED = 300,
  LOCKED = 423;
const box = document.getElementById("turn-box");
const form = document.getElementById("answer");
const mine = box ? "mine" in box.dataset : false;
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
  if (state.left !== box.hasAttribute("data-left") && state.left) {
    box.setAttribute("data-left", "");
    words.textContent = "Người dân đã rời máy. Bản khai ở lại quầy.";
  } else if (state.away) words.textContent = "Máy ngoài sảnh không trả lời. Cứ gõ tiếp, chữ đã ghi vẫn còn.";
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
  if (!leaving) setTimeout(poll, EVERY);
  return undefined;
}

/* ---- what the officer types ---- */

function labelOf(name) {
  const field = form.elements[name];
  const label = field?.labels?.[0] ?? field?.closest?.(".asked")?.querySelector("label, legend");
  return label?.textContent.trim() || name;
}

function keepUnsaved(name) {
  unsaved = true;
  form.inert = true;
  const part = box.querySelector("[data-unsaved]");
  const line = document.createElement("li");
  line.textContent = `${labelOf(name)}: ${form.elements[name]?.value ?? ""}`;
  part.querySelector("ul").replaceChildren(line);
  part.querySelector("a").href = location.href.split("?")[0];
  part.hidden = false;
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
  if (state.lost) keepUnsaved(name);
}

function storeSoon(delay = TYPED) {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    storing = storeBoxes(focus);
  }, delay);
}

function noteTyped() {
  typed += 1;
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
if (box) poll();
