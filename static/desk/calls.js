/* Calls from touchscreens, on every page of the desk: panel above the case, badge in the title, chime each 15 seconds.

   The panel is a part of the server, asked for every 2 seconds. A worker gives the beat, because a browser slows the
   timers of a tab that is out of sight. One tab of a browser chimes: the one that holds a lock. What is typed stays. */

const EVERY = 2000,
  CHIME_EVERY = 15000,
  LOCKED = 423,
  NOTES = [
    [880, 0],
    [660, 0.28],
    [880, 0.56],
  ];
const box = document.querySelector("[data-calls]");
const panel = box.querySelector("[data-call-panel]"),
  soundButton = box.querySelector("[data-call-sound]");
const title = document.title;
const reported = new Set();
let waiting = 0,
  isAsked = false,
  chimedAt = -Infinity,
  audio = null,
  isRinger = false,
  wantsToRing = false,
  isPressed = false;

document.querySelector("main")?.prepend(box);

/* ---- the panel ---- */

/* The panel without the seconds, which count by themselves. */
function words(part) {
  const copy = part.cloneNode(true);
  for (const count of copy.querySelectorAll("[data-since]")) count.remove();
  return copy.innerHTML;
}

function setWaiting(count) {
  waiting = count;
  document.title = waiting ? `(${waiting}) Có người gọi · ${title}` : title;
  if (!waiting) {
    chimedAt = -Infinity;
    soundButton.hidden = true;
  } else ring();
}

function show(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("[data-waiting]");
  if (!fresh) return;
  // A press ends on the button on which it began.
  if (words(panel) !== words(fresh) && !isPressed) {
    const focused = panel.contains(document.activeElement) && document.activeElement.closest("form")?.action;
    panel.innerHTML = fresh.innerHTML;
    const same = [...panel.querySelectorAll("form")].find(({ action }) => action === focused);
    same?.querySelector("button").focus();
  }
  setWaiting(Number(fresh.dataset.waiting));
  showSeconds();
}

function showSeconds() {
  for (const count of panel.querySelectorAll("[data-since]")) {
    count.begun ??= Date.now() - 1000 * Number(count.dataset.since);
    const seconds = Math.floor((Date.now() - count.begun) / 1000);
    count.textContent = seconds < 60 ? `${seconds} giây` : `${Math.floor(seconds / 60)} phút ${seconds % 60} giây`;
  }
}

async function refresh() {
  if (isAsked) return;
  isAsked = true;
  try {
    const answer = await fetch(box.dataset.calls, { cache: "no-store" });
    if (answer.status === LOCKED) {
      // A locked desk shows no panel, but it rings for the officer who is near.
      panel.replaceChildren();
      setWaiting((await (await fetch(box.dataset.count, { cache: "no-store" })).json()).waiting);
    } else if (answer.ok && !answer.redirected) show(await answer.text());
  } catch {
    // The server is restarting; the next beat asks again.
  }
  isAsked = false;
}

addEventListener(
  "submit",
  async (event) => {
    const { target: form } = event;
    if (!form.hasAttribute("data-call-act")) return;
    event.preventDefault();
    try {
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      if (answer.ok && !answer.redirected) show(await answer.text());
    } catch {
      // The server is away; the panel stays, and the press can be repeated.
    }
  },
  { capture: true },
);

panel.addEventListener("pointerdown", () => {
  isPressed = true;
});
for (const end of ["pointerup", "pointercancel", "blur"])
  addEventListener(end, () => {
    isPressed = false;
  });

addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.repeat) return;
  const button = panel.querySelector(`[data-alt="${CSS.escape(event.code.replace("Key", "").toLowerCase())}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});

/* A call counts as seen when it is on a page in sight and somebody moves or types there. */
function reportSeen() {
  if (document.hidden) return;
  for (const { dataset } of panel.querySelectorAll("[data-seen]")) {
    if (reported.has(dataset.call)) continue;
    reported.add(dataset.call);
    const body = new URLSearchParams({ csrf: box.dataset.csrf });
    fetch(dataset.seen, { method: "POST", body }).catch(() => reported.delete(dataset.call));
  }
}

for (const kind of ["pointermove", "pointerdown", "keydown"]) addEventListener(kind, reportSeen, { passive: true });

/* ---- the chime ---- */

function ring() {
  audio ??= new AudioContext();
  if (audio.state !== "running") {
    // A browser plays no sound before the first touch or key on its pages.
    soundButton.hidden = false;
    audio.resume().then(ring, () => undefined);
    return;
  }
  soundButton.hidden = true;
  if (!wantsToRing) {
    wantsToRing = true;
    navigator.locks.request("kiosk-calls", () => {
      isRinger = true;
      return new Promise(() => undefined);
    });
  }
  if (!waiting || !isRinger || performance.now() - chimedAt < CHIME_EVERY) return;
  chimedAt = performance.now();
  chime();
}

function chime() {
  for (const [frequency, after] of NOTES) {
    const tone = new OscillatorNode(audio, { frequency }),
      gain = new GainNode(audio, { gain: 0 }),
      begin = audio.currentTime + after;
    gain.gain.setValueAtTime(0.35, begin);
    gain.gain.exponentialRampToValueAtTime(0.001, begin + 0.5);
    tone.connect(gain).connect(audio.destination);
    tone.start(begin);
    tone.stop(begin + 0.5);
  }
  box.dataset.chimes = Number(box.dataset.chimes ?? 0) + 1;
}

for (const kind of ["pointerdown", "keydown"])
  addEventListener(kind, () => audio?.state === "suspended" && audio.resume(), { passive: true });

const beat = new Worker(box.dataset.beat);
beat.addEventListener("message", () => {
  refresh();
  showSeconds();
});
beat.postMessage(EVERY);
refresh();
