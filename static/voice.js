/* Sound of the board: a chime, then the clips of a call one after another, twice; short and once in a rush. Only one
   call at a time.

   A browser plays no sound before a touch or a key, unless it was started so (docs/technician.md). Until then a call
   takes its time all the same, so that it can be read. */

const BETWEEN = 0.05,
  AGAIN = 0.9,
  AFTER = 0.7,
  PAUSE = 0.3; // seconds: between clips, before the second time, after the last, after a short call
const READING = 6,
  GLANCE = 3, // seconds that a silent call is shown; in a rush
  LATE = 3; // seconds that the sound may be behind
const NOTES = [
    [659.3, 0],
    [523.3, 0.45],
  ],
  RING = 1.5; // Hz and when; how long the chime rings

let context;
let sounding = [];
const clips = new Map();

export const isOn = () => context?.state === "running";

/** Start the sound; call `changed` whenever it is switched on or off. */
export function openSound(changed) {
  context = new AudioContext();
  context.addEventListener("statechange", changed);
}

/** Ask for sound again: allowed within a touch or the press of a key. */
export const resumeSound = () => context.resume();

const sleep = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

/* A busy machine plays late: wait for the sound and not for the clock, but not for a sound that does not come. */
async function sleepUntil(at) {
  const latest = performance.now() / 1000 + at - context.currentTime + LATE;
  for (let left = at - context.currentTime; left > 0 && performance.now() / 1000 < latest; ) {
    await sleep(left);
    left = at - context.currentTime;
  }
}

/** Return when each clip of these lengths starts, and when the last one ends, in seconds from `from`. */
export function planClips(lengths, from) {
  const starts = [];
  let at = from;
  for (const length of lengths) {
    starts.push(at);
    at += length + BETWEEN;
  }
  return { starts, end: at };
}

/** Return when the first clip starts after a chime, or without one. */
export const planStart = (hasChime) => (hasChime ? RING : 0);

/** Play an announcement and return when it is over; if a clip is missing, play the chime alone.
    `endsEarly` is asked after the first time of a full call. */
export async function playCall({ call, isShort, hasChime }, endsEarly) {
  if (!isOn()) return sleep(isShort ? GLANCE : READING);
  const words = await Promise.all((isShort ? call.short : call.clips).map(loadClip)).catch(() => []);
  const begin = context.currentTime + 0.05;
  if (hasChime || !words.length) playChime(begin);
  if (words.length) await playWords(words, begin + planStart(hasChime), isShort, endsEarly);
  else await sleep(isShort ? GLANCE : READING);
  // The sound card may be very late: what is left of this call must not sound into the next.
  for (const source of sounding) source.stop();
  sounding = [];
}

async function playWords(words, from, isShort, endsEarly) {
  let end = playClips(words, from);
  if (isShort) return sleepUntil(end + PAUSE);
  await sleepUntil(end);
  if (endsEarly()) return sleepUntil(end + PAUSE);
  end = playClips(words, Math.max(end, context.currentTime) + AGAIN);
  return sleepUntil(end + AFTER);
}

function playClips(words, from) {
  const { starts, end } = planClips(
    words.map((word) => word.duration),
    from,
  );
  for (const [place, word] of words.entries()) playClip(word, starts[place]);
  return end;
}

async function loadClip(address) {
  if (!clips.has(address)) {
    const answer = await fetch(address, { signal: AbortSignal.timeout(2000) });
    if (!answer.ok) throw new Error(address);
    clips.set(address, await context.decodeAudioData(await answer.arrayBuffer()));
  }
  return clips.get(address);
}

function playClip(buffer, at) {
  const source = context.createBufferSource();
  source.buffer = buffer;
  source.connect(context.destination);
  source.start(at);
  sounding.push(source);
}

function playChime(at) {
  for (const [pitch, after] of NOTES) {
    const note = context.createOscillator(),
      loud = context.createGain();
    note.frequency.value = pitch;
    loud.gain.setValueAtTime(0.0001, at + after);
    loud.gain.exponentialRampToValueAtTime(0.5, at + after + 0.02);
    loud.gain.exponentialRampToValueAtTime(0.0001, at + RING);
    note.connect(loud).connect(context.destination);
    note.start(at + after);
    note.stop(at + RING);
    sounding.push(note);
  }
}
