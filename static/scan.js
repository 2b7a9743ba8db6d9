/* Card scanner: one at its own port, which the server reads, or one that types like a keyboard.

   A scanner that types is recognised by its pace: 20 or more keys with a median gap of at most 35 ms, then Enter,
   Tab or silence. Keys may wait in a busy machine, so a silence inside a card is the end only after a second. No
   hand is that fast, and a held key does not count. Its text is a card only on a page that waits for one; it never
   stays in a field, and its Enter presses nothing. A page with the form `scan` opens any code, and nobody types long
   texts there: twelve keys are enough, because the code of a slip is shorter than a card. */

const panel = document.querySelector("[data-poll]");
const anywhere = document.getElementById("scan");
/* At the desk the form of the questions takes the card too, so that what was typed is sent with it. */
const form =
  anywhere ??
  (document.querySelector(".waits") &&
    (document.getElementById("card") ?? document.querySelector("[data-card-line]")?.form));
const words = document.querySelector(".waiting [data-busy]");
const FEW = 6,
  LEAST = anywhere ? 12 : 20,
  PACE = 35,
  PAUSE = 3 * PACE,
  SILENCE = 250,
  STALL = 1000,
  EVERY = 500;

function showReading() {
  if (words) words.textContent = words.dataset.busy;
  dispatchEvent(new Event("kiosk:activity"));
}

/* ---- a scanner at its own port: ask the server ---- */

// A touch that leaves the page wins: a reload would cancel it, and the person would have to touch again.
let isLeaving = false;
addEventListener("beforeunload", () => {
  isLeaving = true;
});

async function poll() {
  try {
    const answer = await fetch(panel.dataset.poll, { cache: "no-store" });
    const { version, down } = await answer.json();
    if (isLeaving) return;
    const isRead = version > Number(panel.dataset.version);
    if (anywhere && isRead) {
      showReading();
      anywhere.requestSubmit();
      return;
    }
    if (!anywhere && (isRead || Boolean(down) !== "down" in panel.dataset)) {
      if (isRead) showReading();
      location.reload();
      return;
    }
  } catch {
    // The server is restarting; the next turn asks again.
  }
  setTimeout(poll, EVERY);
}
if (panel?.dataset.poll) setTimeout(poll, EVERY);

/* ---- a scanner that types ---- */

let burst = [],
  last = 0,
  isScanner = false,
  before = null,
  silence;

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
const isFast = (least) => burst.length >= least && median(burst.slice(1).map(({ gap }) => gap)) <= PACE;

function resetBurst() {
  clearTimeout(silence);
  burst = [];
  isScanner = false;
  before = null;
}

/* A scanner presses the keys of a US keyboard. With another layout, or a Vietnamese input method, the machine turns
   them into other letters, so the keys themselves are a second reading. */
const PLAIN = {
  Space: "  ",
  Minus: "-_",
  Equal: "=+",
  BracketLeft: "[{",
  BracketRight: "]}",
  Backslash: "\\|",
  Semicolon: ";:",
  Quote: "'\"",
  Backquote: "`~",
  Comma: ",<",
  Period: ".>",
  Slash: "/?",
};

function onUsKeys({ code, shift }) {
  if (/^Key[A-Z]$/.test(code)) return shift ? code[3] : code[3].toLowerCase();
  if (/^Digit\d$/.test(code)) return shift ? ")!@#$%^&*("[code[5]] : code[5];
  if (/^Numpad\d$/.test(code)) return code[6];
  return PLAIN[code]?.[Number(shift)] ?? "";
}

const beginsAsCode = (line) => /^\s*(\d{12}\||[A-Z]{2}\d{2,4}-|https?:\/\/[^\s/]+\/h\/)/.test(line);
const endsInsideCard = (line) => /^\s*\d{12}\|/.test(line) && !/(\|.*){5}\|\d{8}$/.test(line);

function scannedLine() {
  const said = burst.map(({ key }) => (key.length === 1 ? key : "")).join("");
  const keys = burst.map(onUsKeys).join("");
  return !beginsAsCode(said) && beginsAsCode(keys) ? keys : said;
}

/* At the desk people paste and type fast, text expanders type whole sentences at once, and a field for everything reads
   codes itself: only what begins as a code of the kiosk is a scan on its pages, and only outside of a dialog. */
const isDesk = "desk" in document.documentElement.dataset;
const mayBeScan = (target) => !isDesk || (!target.closest?.("dialog, [role=dialog]") && beginsAsCode(scannedLine()));

/* Remove from a field what the scanner typed before its pace was known. */
function restoreField() {
  if (!before) return;
  const { field, value, from, to } = before;
  before = null;
  if (field.value === value) return;
  field.value = value;
  if (from !== null) field.setSelectionRange(from, to);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function finishAfterSilence() {
  if (isScanner && endsInsideCard(scannedLine())) silence = setTimeout(finishBurst, STALL - SILENCE);
  else finishBurst();
}

function finishBurst() {
  if (isScanner) {
    restoreField();
    if (form) {
      form.elements.line.value = scannedLine();
      showReading();
      form.requestSubmit();
      form.elements.line.value = "";
    }
  }
  resetBurst();
}

function swallow(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

addEventListener(
  "keydown",
  (event) => {
    const { key, code, shiftKey: shift, timeStamp: now, target } = event;
    if (event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
    // Earlier keys of a hand are not part of the card; a scanner that has begun may stall for a moment.
    if (burst.length && now - last > (isFast(FEW) ? SILENCE : PAUSE)) isScanner ? finishBurst() : resetBurst();
    if (key === "Enter" || key === "Tab") {
      if (isScanner) swallow(event);
      finishBurst();
      return;
    }
    // An input method reports "Process" for a key that it used; Shift and the like are no letters.
    if (key.length !== 1 && key !== "Process" && key !== "Unidentified" && key !== "Dead") return;
    if (!burst.length && target.matches?.("input, textarea")) {
      before = { field: target, value: target.value, from: target.selectionStart, to: target.selectionEnd };
    }
    burst.push({ key, code, shift, gap: now - last });
    last = now;
    clearTimeout(silence);
    silence = setTimeout(finishAfterSilence, SILENCE);
    isScanner ||= isFast(LEAST) && mayBeScan(target);
    if (!isScanner) return;
    swallow(event);
    restoreField();
  },
  { capture: true },
);
