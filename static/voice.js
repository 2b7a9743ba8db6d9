/* Sound of the board: a chime, then the clips of a call one after another, twice. Only one call at a time.

   A browser plays no sound before a touch or a key, unless it was started so (docs/technician.md). Until then a call
   takes its time all the same, so that it can be read. */

const BETWEEN = 0.05,
  AGAIN = 0.9,
  AFTER = 0.7; // seconds: between clips, before the second time, after the last
const READING = 6; // seconds that a silent call is shown
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

/** Play a call and return when it is over; if a clip is missing, play the chime alone. */
export async function playCall(addresses) {
  if (!isOn()) return sleep(READING);
  const words = await Promise.all(addresses.map(loadClip)).catch(() => []);
  let at = playChime(context.currentTime + 0.05);
  for (const again of words.length ? [false, true] : []) {
    if (again) at += AGAIN;
    for (const word of words) at = playClip(word, at) + BETWEEN;
  }
  await sleep(Math.max(at - context.currentTime + AFTER, words.length ? 0 : READING));
  // The sound card may be late: what is left of this call must not sound into the next.
  for (const source of sounding) source.stop();
  sounding = [];
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
  return at + buffer.duration;
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
  return at + RING;
}
