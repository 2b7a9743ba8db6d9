/* Covered screen: asks the server for the call's state and for a scanned card; leaves when the screen was opened. */

const EVERY = 500;
const { covered: address, version } = document.body.dataset;
const words = document.getElementById("covered-call");

// A touch that leaves the page wins: the right digits end the cover, and a reload would cancel the way to the form.
let isLeaving = false;
addEventListener("beforeunload", () => {
  isLeaving = true;
});

async function poll() {
  try {
    const answer = await fetch(address, { cache: "no-store" });
    const state = await answer.json();
    if (isLeaving) return;
    if (!state.covered || state.version > Number(version)) {
      location.reload();
      return;
    }
    if (words.dataset.shown !== state.call) words.innerHTML = words.dataset.shown = state.call;
  } catch {
    // The server is restarting; the next turn asks again.
  }
  setTimeout(poll, EVERY);
}

setTimeout(poll, EVERY);
