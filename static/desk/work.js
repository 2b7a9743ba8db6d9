/* Work of the officer: the badge, the machine's notice, the list and the marks of rows that a colleague has open stay
   fresh; keys and filter of the list.

   A row that is open or has the focus stays where it is, with all that is typed in it, until the officer leaves it. */

import { fetchText, find, findAll, fold, showWords } from "./page.js";

const EVERY = 5000,
  EVERY_WITH_ROWS = 1500; // milliseconds
const badge = find("[data-work-count]");
const notice = find("[data-notice]");
const list = find("[data-work-list]");
/* Row that stayed at a place that is no longer its own; the list is put in order when the officer leaves it. */
let displaced = null;
let isPressed = false;

addEventListener("pointerdown", () => {
  isPressed = true;
});
for (const kind of ["pointerup", "pointercancel", "blur"])
  addEventListener(kind, () => {
    isPressed = false;
  });

async function refresh() {
  try {
    const { count, version, notice: words, users } = JSON.parse(await fetchText(countAddress()));
    showWords(badge, count ? String(count) : "");
    for (const mark of findAll("[data-in-use]")) showWords(mark, users[mark.dataset.inUse] ?? "");
    if (notice) showWords(notice, words);
    const isOld = version !== list?.dataset.workList || (displaced && displaced !== heldRow());
    if (list && isOld && !isPressed) await refreshList();
  } catch {
    // The server is away, or the session has ended; the next turn asks again.
  }
  setTimeout(refresh, interval());
}

const interval = () => (find("[data-in-use]") ? EVERY_WITH_ROWS : EVERY);

if (badge) setTimeout(refresh, interval());

function countAddress() {
  const address = new URL(badge.dataset.workCount, location.href);
  if (list?.dataset.ofWard) address.searchParams.set("all", "1");
  if (find("[data-in-use]")) address.searchParams.set("users", "1");
  return address;
}

/* ---- the list updates itself ---- */

const heldRow = () => find(".item.is-open") ?? document.activeElement.closest?.(".item") ?? null;

async function refreshList() {
  const page = new DOMParser().parseFromString(await fetchText(location.href), "text/html");
  const fresh = find("[data-work-list]", page);
  if (!fresh || isPressed) return;
  const held = heldRow();
  const hasRows = find(".rows", list) && find(".rows", fresh);
  if (!hasRows && held) return;
  find("h1", list).textContent = find("h1", fresh).textContent;
  if (hasRows) {
    replaceKeepingFocus(".filters", fresh);
    mergeRows(findAll(".item", fresh), held);
    replaceKeepingFocus(".foot", fresh);
  } else replaceKeepingFocus("[data-work-part]", fresh);
  list.dataset.workList = fresh.dataset.workList;
  filterRows();
}

function replaceKeepingFocus(selector, fresh) {
  const part = find(selector, list);
  const focused = part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  const next = document.adoptNode(find(selector, fresh));
  part.replaceWith(next);
  const same = findAll("a", next).find((link) => focused && link.getAttribute("href") === focused);
  same?.focus({ preventScroll: true });
}

/* Put fresh rows around the held one, which keeps its place also on the screen. */
function mergeRows(fresh, held) {
  const rows = findAll(".item", list);
  const top = held?.getBoundingClientRect().top;
  const place = held ? rows.indexOf(held) : 0;
  const same = fresh.find((item) => item.dataset.item === held?.dataset.item);
  const others = fresh.filter((item) => item !== same);
  for (const row of rows) if (row !== held) row.remove();
  if (!held) find(".rows", list).append(...others);
  else {
    held.before(...others.slice(0, place));
    held.after(...others.slice(place));
    if (same) find("[data-work-row]", held).replaceChildren(...find("[data-work-row]", same).childNodes);
    scrollBy(0, held.getBoundingClientRect().top - top);
  }
  displaced = held && fresh.indexOf(same) !== findAll(".item", list).indexOf(held) ? held : null;
}

/* ---- the list ---- */

const rows = () => findAll("[data-work-row]").filter((row) => !row.closest("[hidden]"));

function filterRows() {
  const wanted = fold(find("[data-work-filter]")?.value.trim() ?? "");
  for (const item of findAll(".item")) item.hidden = !fold(item.textContent).includes(wanted);
}

find("[data-work-filter]")?.addEventListener("input", filterRows);

if (list) {
  if (document.activeElement === document.body) find(".is-open [data-work-row]")?.focus({ preventScroll: true });
  addEventListener("keydown", (event) => {
    const row = event.target.closest?.("[data-work-row]");
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (["ArrowDown", "ArrowUp"].includes(event.key) && (row || event.target === document.body)) {
      const all = rows();
      const next = row ? all.indexOf(row) + (event.key === "ArrowDown" ? 1 : -1) : 0;
      event.preventDefault();
      all.at(Math.max(0, Math.min(next, all.length - 1)))?.focus();
    }
    if (event.key === "Enter" && row) {
      event.preventDefault();
      const whole = find("[data-work-whole]", row.closest(".item"));
      if (whole) return whole.click();
      row.name = "whole";
      row.value = "1";
      row.form.requestSubmit(row);
    }
  });
}
