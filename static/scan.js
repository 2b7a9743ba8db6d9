/* A page that waits for a card: asks whether the scanner has read one, and listens for a scanner that types.

   A scanner at the keyboard is known by its pace: 20 or more characters with a median gap of at most 35 ms, then
   Enter or silence. What a person types is never taken for a card. */

const panel = document.querySelector("[data-poll]");
const form = document.getElementById("card");
const words = document.querySelector(".waiting [data-busy]");
const LEAST = 20, PACE = 35, SILENCE = 120, EVERY = 500;

function reading() {
  if (words) words.textContent = words.dataset.busy;
  dispatchEvent(new Event("kiosk:activity"));
}

/* ---- the scanner at its own port: the server knows ---- */

async function poll() {
  try {
    const answer = await fetch(panel.dataset.poll, { cache: "no-store" });
    const { version } = await answer.json();
    if (version > Number(panel.dataset.version)) {
      reading();
      location.reload();
      return;
    }
  } catch {
    // The server is starting anew; the next turn asks again.
  }
  setTimeout(poll, EVERY);
}
if (panel?.dataset.poll) setTimeout(poll, EVERY);

/* ---- the scanner that types ---- */

let burst = "", gaps = [], last = 0, before = null, silence;

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
const isCard = () => burst.length >= LEAST && median(gaps) <= PACE;

function forget() {
  burst = "";
  gaps = [];
  before = null;
}

function take() {
  clearTimeout(silence);
  if (!isCard() || !form) { forget(); return false; }
  if (before) before.field.value = before.value;
  form.elements.line.value = burst;
  forget();
  reading();
  form.requestSubmit();
  return true;
}

addEventListener("keydown", (event) => {
  if (event.key === "Enter") {
    if (take()) { event.preventDefault(); event.stopImmediatePropagation(); }
    return;
  }
  if (event.key.length !== 1 || event.ctrlKey || event.altKey || event.metaKey) return;
  const now = event.timeStamp;
  if (burst && now - last > 10 * PACE) forget();
  if (burst) gaps.push(now - last);
  else if (event.target.matches?.("input")) before = { field: event.target, value: event.target.value };
  burst += event.key;
  last = now;
  clearTimeout(silence);
  silence = setTimeout(take, SILENCE);
}, { capture: true });
