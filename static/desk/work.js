/* Work of the officer: the badge and the machine's notice of every page stay fresh; keys and filter of the list. */

const EVERY = 10000;
const find = (selector, root = document) => root.querySelector(selector);
const badge = find("[data-work-count]");
const notice = find("[data-notice]");
const list = find("[data-work-list]");

function show(part, words) {
  part.hidden = !words;
  const text = part.querySelector("span") ?? part;
  if (text.textContent.trim() !== words) text.textContent = words;
}

async function refresh() {
  try {
    const answer = await fetch(badge.dataset.workCount, { cache: "no-store" });
    if (answer.ok && !answer.redirected) {
      const { count, version, notice: words } = await answer.json();
      show(badge, count ? String(count) : "");
      if (notice) show(notice, words);
      if (list && mayReload() && version !== list.dataset.workList && !list.dataset.ofWard) location.reload();
    }
  } catch {
    // The server is away; the next turn asks again.
  }
  setTimeout(refresh, EVERY);
}

/* A row that is open, a filter in use and typed text keep their place until the officer leaves them. */
function mayReload() {
  return !find(".is-open") && !find("[data-work-filter]")?.value && !document.querySelector("form[data-changed]");
}

if (badge) setTimeout(refresh, EVERY);

/* ---- the list ---- */

const rows = () => [...document.querySelectorAll("[data-work-row]")].filter((row) => !row.closest("[hidden]"));

function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d").replaceAll("Đ", "d").toLowerCase();
}

find("[data-work-filter]")?.addEventListener("input", ({ target }) => {
  const wanted = fold(target.value.trim());
  for (const item of document.querySelectorAll(".item")) item.hidden = !fold(item.textContent).includes(wanted);
});

if (list) {
  find(".is-open [data-work-row]")?.focus({ preventScroll: true });
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
