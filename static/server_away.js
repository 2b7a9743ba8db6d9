/* Server away: a citizen page stays with what is typed, because links and forms go only to a server that answers.
   Else the browser's own error page takes the place of what is typed. */

const ANSWERS_WITHIN = 4000; // ms

/** Show or hide the notice that the server is away: the touch can be repeated. */
export function showAway(isAway) {
  document.getElementById("server-away").hidden = !isAway;
}

async function isThere() {
  const options = { cache: "no-store", signal: AbortSignal.timeout(ANSWERS_WITHIN) };
  const answer = await fetch(document.documentElement.dataset.alive, options).catch(() => null);
  return Boolean(answer?.ok);
}

export async function followIfThere(link) {
  link.classList.add("held");
  const isAway = !(await isThere());
  link.classList.remove("held");
  showAway(isAway);
  if (!isAway) location.assign(link.href);
}

async function sendIfThere(form, submitter) {
  const isAway = !(await isThere());
  showAway(isAway);
  form.sent = false;
  submitter?.classList.remove("held");
  if (isAway) return;
  form.answered = true;
  form.requestSubmit(submitter);
}

addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  // static/call.js sends the call for an officer without leaving the page.
  if (event.defaultPrevented || form.hasAttribute("data-help")) return;
  if (form.method !== "post") return;
  // Repeated touches on the button count once: the first request is running.
  if (form.sent) {
    event.preventDefault();
    return;
  }
  form.sent = true;
  submitter?.classList.add("held");
  // A script that sends a form, such as the scanner's, does not wait.
  if (submitter && !form.answered) {
    event.preventDefault();
    dispatchEvent(new Event("kiosk:activity"));
    sendIfThere(form, submitter);
    return;
  }
  if (submitter?.dataset.busy) submitter.textContent = submitter.dataset.busy;
});
