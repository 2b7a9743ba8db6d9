/* Connection with the server: a bar within three seconds of a fault, and links that wait for the server. */

import { changedForms, find } from "./page.js";

const bar = find("[data-connection]");
const EVERY = 1500,
  ANSWER_WITHIN = 1300;
/* An answer that is older is no sign that the server is still there. */
const FRESH = 2500;
let isUp = true,
  answeredAt = -FRESH;

async function ask() {
  try {
    const answer = await fetch(bar.dataset.connection, {
      cache: "no-store",
      signal: AbortSignal.timeout(ANSWER_WITHIN),
    });
    return answer.ok;
  } catch {
    return false;
  }
}

/* Ask the server whether it is there, and show the bar while it is not. */
export async function isServerThere() {
  isUp = await ask();
  if (isUp) answeredAt = performance.now();
  bar.hidden = isUp;
  if (isUp) dispatchEvent(new Event("desk-connected"));
  return isUp;
}

/* Resolve to true when the server answers; to false when it has not answered in time. */
export function untilConnected(milliseconds) {
  return new Promise((done) => {
    const timer = setTimeout(() => finish(false), milliseconds);
    const finish = (found) => {
      clearTimeout(timer);
      removeEventListener("desk-connected", onConnected);
      done(found);
    };
    const onConnected = () => finish(true);
    addEventListener("desk-connected", onConnected);
    isServerThere();
  });
}

async function watch() {
  await isServerThere();
  setTimeout(watch, EVERY);
}

const mayLeaveAtOnce = () => isUp && performance.now() - answeredAt < FRESH && changedForms().length === 0;

/* Leave for an address only if the server answers; otherwise the page stays. */
async function follow(leave) {
  if (await isServerThere()) leave();
}

function onLink(event) {
  const link = event.target.closest?.("a[href]:not([target], [download])");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (mayLeaveAtOnce() || link.origin !== location.origin || (link.hash && link.pathname === location.pathname)) return;
  event.preventDefault();
  follow(() => location.assign(link.href));
}

function onSearch(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "get" || mayLeaveAtOnce()) return;
  event.preventDefault();
  follow(() => HTMLFormElement.prototype.submit.call(form));
}

if (bar) {
  watch();
  addEventListener("offline", isServerThere);
  addEventListener("online", isServerThere);
  // After the listeners of the page's own scripts, which may have taken the click.
  addEventListener("load", () => {
    addEventListener("click", onLink);
    addEventListener("submit", onSearch);
  });
  for (const scope of [bar.dataset.desk, bar.dataset.signIn])
    navigator.serviceWorker?.register(bar.dataset.worker, { scope }).catch(() => {});
}
