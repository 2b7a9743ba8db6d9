/* Page "Máy tạm nghỉ": asks again every 5 s, with jitter, and returns to the first page as soon as it is served.

   It keeps asking while the kiosk is away altogether, because this page is already in the browser. */

const SECONDS = 5;
const JITTER = 0.5;
const home = document.documentElement.dataset.home;
const now = new Date();

document.querySelector("[data-since]").textContent =
  `Nghỉ từ ${now.getHours()}:${String(now.getMinutes()).padStart(2, "0")}.`;

async function askAgain() {
  try {
    const answer = await fetch(home, { cache: "no-store", redirect: "manual" });
    if (answer.type === "opaqueredirect" || answer.status < 500) {
      location.replace(home);
      return;
    }
  } catch {
    // The kiosk is away: it starts again.
  }
  setTimeout(askAgain, 1000 * SECONDS * (1 - JITTER / 2 + JITTER * Math.random()));
}

setTimeout(askAgain, 1000 * SECONDS);
