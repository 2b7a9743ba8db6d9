/* Reading aloud. A key "Nghe" reads the marked sentences of its part of the page, one after another; the sentence that
   is spoken is marked. With "Máy đọc to từng trang" a page is read when it opens, its errors first.

   Everything a person does stops it: a key, a choice, another button, another page. */

const root = document.documentElement;
const panel = document.getElementById("voice");
const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];

const SPEEDS = { slow: 0.8, fast: 1.25 };
const LEVELS = 5;
const LOUD = 5;
const NORMAL = 3;
const AFTER_SENTENCE = 400; // ms
const AFTER_OPTION = 250; // ms
const SENTENCES = "[data-clip], [data-own-clip]";

let reading = null;
let sheetSwitchedOn = false;

const level = () => Number(root.dataset.volume ?? (root.dataset.aloud === "loud" ? LOUD : NORMAL));
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

function tune(sound) {
  sound.playbackRate = SPEEDS[root.dataset.speed] ?? 1;
  sound.volume = level() / LEVELS;
}

function showKey(key, speaking) {
  if (!key) return;
  key.ariaPressed = String(speaking);
  key.querySelector("span").textContent = speaking ? key.dataset.stop : key.dataset.start;
}

function stop() {
  if (!reading) return;
  const { key, sound, sentence } = reading;
  reading = null;
  sound?.pause();
  sentence?.classList.remove("speaking");
  showKey(key, false);
}

const load = (address) => {
  const sound = new Audio();
  sound.preload = "auto";
  sound.src = address;
  return sound;
};

/* A sentence with a number or date inside is several clips, one after another. */
const addressesOf = (sentence) => sentence.dataset.clip?.split(" ") ?? [sentence.dataset.ownClip];

/* The first sentence of each key is loaded beforehand, so that a touch is heard at once. A row of the check page is
   spoken when it is asked for. */
const loaded = new Map();

function loadFirst(key) {
  const [first] = within(partsOf(key));
  if (first?.dataset.clip) loaded.set(first, addressesOf(first).map(load));
}

function take(sentence) {
  const sounds = loaded.get(sentence) ?? addressesOf(sentence).map(load);
  loaded.delete(sentence);
  return sounds;
}

/* Play one sound to its end; false where the browser does not allow it, or the file is gone. */
async function play(sound) {
  tune(sound);
  const over = new Promise((done) => {
    sound.addEventListener("ended", () => done(true));
    sound.addEventListener("pause", () => done(true));
    sound.addEventListener("error", () => done(false));
  });
  try {
    await sound.play();
  } catch {
    return false;
  }
  return over;
}

/* Play the clips of a sentence; false where one was not played, or the reading has ended. */
async function playAll(turn, sounds) {
  for (const sound of sounds) {
    turn.sound = sound;
    const wasPlayed = await play(sound);
    if (!wasPlayed || reading !== turn) return false;
  }
  return true;
}

async function read(sentences, key, isIdle = false) {
  stop();
  if (!sentences.length) return;
  const turn = { key, sound: null, sentence: null };
  reading = turn;
  showKey(key, true);
  let next = take(sentences[0]);
  for (const [place, sentence] of sentences.entries()) {
    const sounds = next;
    turn.sentence = sentence;
    // A page that speaks is not idle; the idle screen itself may go on counting.
    if (!isIdle) dispatchEvent(new Event("kiosk:activity"));
    sentence.classList.add("speaking");
    sentence.scrollIntoView({ block: "nearest" });
    if (place + 1 < sentences.length) next = take(sentences[place + 1]);
    const wasPlayed = await playAll(turn, sounds);
    sentence.classList.remove("speaking");
    if (reading !== turn) return;
    if (!wasPlayed) break;
    await pause(sentence.closest(".opt, .tile") ? AFTER_OPTION : AFTER_SENTENCE);
    if (reading !== turn) return;
  }
  stop();
}

const shown = (sentences) => sentences.filter((sentence) => sentence.checkVisibility());
const partsOf = (key) => document.querySelectorAll(key.dataset.listen);
const within = (parts) => shown([...parts].flatMap((part) => [...all(SENTENCES, part)]));

/* With the keyboard open in landscape the key of the hint has no room: the key of the question reads it too. */
function hintsOf(key) {
  const others = all("[data-listen]", key.closest(".ask") ?? key);
  const hidden = others.filter((other) => other !== key && !other.checkVisibility());
  return hidden.flatMap((other) => [...partsOf(other)].flatMap((part) => all(SENTENCES, part)));
}

const isBefore = (one, other) => one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;

const sentencesOf = (key) =>
  [...new Set([...within(partsOf(key)), ...hintsOf(key)])].sort((one, other) => (isBefore(one, other) ? -1 : 1));

/* Errors are read first, then the page from top to bottom; answers only by their own key. */
function sentencesOfPage() {
  const errors = shown(all(".summary [data-clip]"));
  return [...errors, ...shown(all("main [data-clip]")).filter((sentence) => !errors.includes(sentence))];
}

function showPanel() {
  panel.hidden = false;
  showLevel();
}

function showLevel() {
  const bars = panel.querySelector(".bars");
  for (const [place, bar] of all("i", bars).entries()) bar.classList.toggle("full", place < level());
  bars.ariaLabel = bars.dataset.words.replace("#", level());
}

function changeLevel(by) {
  const input = panel.elements.volume;
  input.value = String(Math.min(Math.max(level() + by, 1), LEVELS));
  // static/pages.js stores the choice and shows it at the document.
  input.dispatchEvent(new Event("change", { bubbles: true }));
  showLevel();
  if (reading) tune(reading.sound);
}

function press(key) {
  if (reading?.key === key) {
    stop();
    return;
  }
  const sentences = sentencesOf(key);
  const warning = document.getElementById("others-hear");
  if (warning && sentences.some((sentence) => sentence.dataset.ownClip)) warning.hidden = false;
  showPanel();
  read(sentences, key);
}

const isOfVoice = (element) => element.closest?.("[data-listen], #voice");

addEventListener("click", (event) => {
  const key = event.target.closest("[data-listen]");
  if (key) press(key);
  const louder = event.target.closest("[data-louder]");
  if (louder) changeLevel(Number(louder.dataset.louder));
  if (sheetSwitchedOn && event.target.closest("[data-close]") && !document.querySelector(".scrim")) {
    sheetSwitchedOn = false;
    read(sentencesOfPage(), null);
  }
});

addEventListener(
  "pointerdown",
  ({ target }) => {
    if (!isOfVoice(target) && target.closest("a, button, input, textarea, label")) stop();
  },
  { capture: true },
);
// The field keeps the focus, and the keyboard stays open.
addEventListener("mousedown", (event) => isOfVoice(event.target) && event.preventDefault());
for (const kind of ["input", "keydown"])
  addEventListener(kind, ({ target }) => !isOfVoice(target) && stop(), { capture: true });

addEventListener("change", ({ target }) => {
  if (target.name === "aloud") sheetSwitchedOn = target.value !== "";
  // static/pages.js hears the choice of a speed first, and writes it to the document.
  if (isOfVoice(target) && reading) tune(reading.sound);
});

addEventListener("pagehide", stop);
addEventListener("load", () => all("[data-listen]").forEach(loadFirst));
addEventListener("kiosk:said", ({ detail: said }) => {
  if (root.dataset.aloud) read(shown(all("[data-clip]", said)), null);
});
addEventListener("kiosk:idle", () => {
  if (root.dataset.aloud) read(shown(all("#idle [data-clip]")), null, true);
});
if (root.dataset.aloud) read(sentencesOfPage(), null);
