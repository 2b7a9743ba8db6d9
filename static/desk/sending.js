/* Posts of the desk: sent by fetch, so the page with what was typed stays until the server has answered.

   Without an answer the post waits for the connection and is sent once more, with the same key: it acts once. What was
   typed when the session has ended is sent to the server, which seals it for the officer. */

import { isServerThere, untilConnected } from "./connection.js";
import { changedForms, find } from "./page.js";

const ANSWER_WITHIN = 60000,
  SEND_AGAIN_WITHIN = 120000,
  LEAVES_WITHIN = 3000;
const AWAY = [502, 503, 504];
let isSending = false,
  isEnding = false;

/* Whether a post is sent, or its answer is being opened. */
export const isBusy = () => isSending;

export const showUnsent = (isShown = true) => {
  find("[data-unsent]").hidden = !isShown;
};

const addressOf = (form, submitter) =>
  submitter?.hasAttribute("formaction") ? submitter.formAction : form.getAttribute("action") || location.href;

function bodyOf(form, submitter) {
  const fields = new FormData(form, submitter);
  return form.enctype === "multipart/form-data" ? fields : new URLSearchParams(fields);
}

async function sendOnce(address, body, key) {
  try {
    const answer = await fetch(address, {
      method: "post",
      body,
      headers: { "Idempotency-Key": key },
      cache: "no-store",
      redirect: "manual",
      signal: AbortSignal.timeout(ANSWER_WITHIN),
    });
    return AWAY.includes(answer.status) ? null : answer;
  } catch {
    return null;
  }
}

const unlocked = () =>
  new Promise((done) => {
    addEventListener("desk-unlocked", done, { once: true });
    dispatchEvent(new Event("desk-locked"));
  });

/* Send until the server has answered: once more after a fault, and again after an unlock. Null is no answer. */
export async function sendTwice(sendPost, onWait) {
  let answer = await sendPost();
  if (answer === null) {
    onWait();
    if (await untilConnected(SEND_AGAIN_WITHIN)) answer = await sendPost();
  }
  while (answer?.status === 423) {
    await unlocked();
    answer = await sendPost();
  }
  return answer;
}

/* Send a form and return the address to open next; an error when the server did not answer. */
export async function send(form, submitter, address = addressOf(form, submitter)) {
  const body = bodyOf(form, submitter);
  const key = crypto.randomUUID();
  const answer = await sendTwice(() => sendOnce(address, body, key), showUnsent);
  const next = answer?.headers.get("Location");
  if (!next) {
    showUnsent();
    throw new Error("no answer");
  }
  showUnsent(false);
  return new URL(next, location.href);
}

/* Whether an address is a page that answers a form, such as one with errors: its post had no effect. */
export const isAnswer = (address) => address.pathname.startsWith(find("[data-answers]").dataset.answers);

/* Open a page; with a fragment of the present page the browser would only scroll. */
export function open(address) {
  const isHere = address.pathname + address.search === location.pathname + location.search;
  location.assign(address.href);
  if (isHere && address.hash) location.reload();
}

/* Run a task that sends; meanwhile other presses do nothing but say so, and leaving the page asks. */
export async function whileSending(task) {
  if (isSending) {
    find("[data-dropped]").hidden = false;
    return;
  }
  isSending = true;
  document.body.setAttribute("aria-busy", "true");
  try {
    await task();
  } finally {
    isSending = false;
    find("[data-dropped]").hidden = true;
    document.body.removeAttribute("aria-busy");
  }
}

function onSubmit(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.target) return;
  event.preventDefault();
  whileSending(async () => {
    try {
      open(await send(form, event.submitter));
      // The next page is on its way: a press on this one would be lost with it.
      await new Promise((done) => setTimeout(done, LEAVES_WITHIN));
    } catch {
      isServerThere();
    }
  });
}

/* ---- a session that has ended ---- */

async function leaveEndedSession() {
  if (isEnding) return;
  isEnding = true;
  document.documentElement.classList.add("is-locked");
  let next = new URL(`${find("[data-sign-in]").dataset.signIn}?said=out`, location.href);
  for (const form of changedForms()) {
    const note = find("[data-note]");
    const submitter = note?.form === form ? note : null;
    next = await send(form, submitter).catch(() => next);
  }
  open(next);
}

addEventListener("desk-ended", leaveEndedSession);
addEventListener("beforeunload", (event) => {
  if (isSending && !find("[data-unsent]").hidden) event.preventDefault();
});
// After the listeners of the page's own scripts, which may have taken the form.
addEventListener("load", () => addEventListener("submit", onSubmit));
