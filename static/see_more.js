/* See more: "Xem tiếp" stands in the place of the main button until the end of the page has been seen. */

const root = document.documentElement;
const find = (selector) => document.querySelector(selector);
const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];

// Reading a position forces the layout of the whole page: wait until the page is painted.
export const onceShown = (act) => requestAnimationFrame(() => setTimeout(act));

let seen = false;
let confirmFrom = 0;

export function updateSeeMore() {
  const more = find(".dock [data-see-more]") ?? find("[data-see-more]");
  if (!more) return;
  seen ||= root.scrollHeight - innerHeight - scrollY <= 8;
  if (more.hidden === seen) return;
  more.hidden = seen;
  more.parentElement.classList.toggle("unseen", !seen);
  // The touch that asked for more must not confirm what has just become visible in its place.
  if (seen && more.parentElement.querySelector(".main")) confirmFrom = performance.now() + 400;
}

/* The keyboard must not hide a question that has no answer: the end of the page has to be seen again, once. */
let isHiddenOnce = false;

function noticeHidden(low) {
  if (isHiddenOnce || (find("#keyboard")?.hidden ?? true)) return;
  const edge = low.getBoundingClientRect().top;
  const isHidden = (question) => question.getBoundingClientRect().top >= edge && isOpen(question);
  if (!all(".q").some(isHidden)) return;
  isHiddenOnce = true;
  seen = false;
  updateSeeMore();
}

/* The keyboard has pushed a required question without an answer up, out of sight: the main button shows it, once. */
let isShownOnce = false;

export function showHiddenAbove() {
  if (isShownOnce || (find("#keyboard")?.hidden ?? true)) return false;
  const ask = find("main > .ask");
  const isSticky = ask && getComputedStyle(ask).position === "sticky";
  const edge = isSticky ? ask.getBoundingClientRect().bottom : parseFloat(getComputedStyle(document.body).paddingTop);
  const isAsked = (q) => isOpen(q) && !q.querySelector("[data-optional]");
  const hidden = all("main .q").find((q) => q.getBoundingClientRect().top < edge - 8 && isAsked(q));
  if (!hidden) return false;
  isShownOnce = true;
  document.activeElement.blur();
  // The board closes first: the page is scrolled to where the question is then.
  setTimeout(() => onceShown(() => hidden.scrollIntoView({ block: "center" })));
  return true;
}

function isOpen(question) {
  const boxes = all("input:not([type=hidden])", question);
  const isGiven = (box) => (box.matches("[type=radio], [type=checkbox]") ? box.checked : box.value !== "");
  return boxes.length > 0 && !boxes.some(isGiven);
}

/* Other content has taken the place of the page's: it is shown from its top, and not seen yet. */
export function showAnotherPage() {
  scrollTo(0, 0);
  seen = false;
  updateSeeMore();
}

/* Whether the main button has only just become visible. */
export const isJustSeen = () => performance.now() < confirmFrom;

/* Height of what covers the end of the page: the low parts, and the button that hangs over them. */
const coveredHeight = () => find(".low").offsetHeight + (find(".hanging")?.offsetHeight ?? 0);

export function seeMore() {
  const bare = innerHeight - coveredHeight();
  scrollBy(0, Math.max(bare * 0.8, 80));
}

// Asking for the fonts forces the layout too.
onceShown(() =>
  document.fonts.ready.then(() => {
    updateSeeMore();
    addEventListener("scroll", updateSeeMore, { passive: true });
    addEventListener("resize", updateSeeMore);
    const low = find(".low");
    const observer = new ResizeObserver(() => {
      root.style.scrollPaddingBottom = `${coveredHeight() + 12}px`;
      noticeHidden(low);
    });
    for (const part of [low, ...all(".hanging")]) observer.observe(part);
  }),
);
