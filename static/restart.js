/* Page of the restart: asks once a second whether another process answers, then opens the technician's first page. */

const EVERY = 1000,
  LATE = 120;
const waiting = document.querySelector("[data-started]");
let asked = 0;

async function isBack() {
  const answer = await fetch(waiting.dataset.state, { cache: "no-store" });
  // A session that the restart ended leads to the sign-in page.
  if (answer.redirected) return true;
  return answer.ok && (await answer.json()).started !== waiting.dataset.started;
}

async function ask() {
  asked += 1;
  if (await isBack().catch(() => false)) {
    location.replace(waiting.dataset.home);
    return;
  }
  if (asked > LATE) waiting.querySelector(".late").hidden = false;
  setTimeout(ask, EVERY);
}

setTimeout(ask, EVERY);
