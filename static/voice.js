/* The board's sound: a chime, then a call's clips one after another, twice. One call at a time: who asks waits for the end.

   A browser gives no sound before a touch or a key, unless it was started with leave to (docs/technician.md). Until
   then a call takes its time all the same, so that the picture stands long enough to be read. */

const BETWEEN = 0.05,
  AGAIN = 0.9,
  AFTER = 0.7; // seconds: between clips, before the second time, after the last
const READING = 6; // seconds that a call stands which nobody hears
const NOTES = [
    [659.3, 0],
    [523.3, 0.45],
  ],
  RING = 1.5; // Hz and when; how long the chime rings

let context;
let sounding = [];
const clips = new Map();

export const isOn = () => context?.state === "running";

/** Open the sound, and tell whenever it comes or goes. */
export function open(changed) {
  context = new AudioContext();
  context.addEventListener("statechange", changed);
}

/** Ask for sound again: allowed within a touch or the press of a key. */
export const wake = () => context.resume();

const sleep = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

/** Say a call and return when it is over; without all its clips it has the chime alone. */
export async function say(addresses) {
  if (!isOn()) return sleep(READING);
  const words = await Promise.all(addresses.map(load)).catch(() => []);
  let at = chime(context.currentTime + 0.05);
  for (const again of words.length ? [false, true] : []) {
    if (again) at += AGAIN;
    for (const word of words) at = play(word, at) + BETWEEN;
  }
  await sleep(Math.max(at - context.currentTime + AFTER, words.length ? 0 : READING));
  // The card may have been away and be late: what is left of this call must not sound into the next.
  for (const source of sounding) source.stop();
  sounding = [];
}

async function load(address) {
  if (!clips.has(address)) {
    const answer = await fetch(address, { signal: AbortSignal.timeout(2000) });
    if (!answer.ok) throw new Error(address);
    clips.set(address, await context.decodeAudioData(await answer.arrayBuffer()));
  }
  return clips.get(address);
}

function play(buffer, at) {
  const source = context.createBufferSource();
  source.buffer = buffer;
  source.connect(context.destination);
  source.start(at);
  sounding.push(source);
  return at + buffer.duration;
}

function chime(at) {
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
  return at + RING;
}
