/* Practice beside the live kiosk: tips that can be dismissed, and a trainer who resets the screens. */

const EVERY = 3000;
const body = document.querySelector("[data-visit]");

addEventListener("click", (event) => {
  const button = event.target.closest("[data-hide-tips]");
  if (!button) return;
  const csrf = new URLSearchParams({ csrf: button.dataset.csrf });
  fetch(button.dataset.hideTips, { method: "POST", body: csrf }).catch(() => null);
  for (const tip of document.querySelectorAll("[data-tip]")) tip.remove();
});

// A page that is being left must not be led to the menu by its own end.
let isLeaving = false;
addEventListener("beforeunload", () => {
  isLeaving = true;
});

async function leaveAfterReset() {
  try {
    const answer = await fetch(body.dataset.visit, { cache: "no-store" });
    if (answer.ok && !(await answer.json()).open && !isLeaving) location.replace(body.dataset.menu);
  } catch {
    // The server is away or its answer was cut: the next turn asks again.
  }
}

if (body) setInterval(leaveAfterReset, EVERY);
