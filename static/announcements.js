/* Order of the board's announcements; no sound and no clock.

   A call is announced in full, twice. In a rush, while three or more calls wait, each is announced short and once, so
   that eight calls at once are heard within 30 seconds; when none waits any more, those that nobody has answered are
   announced short once more. Calls are known by the number of their event, which only grows. */

const RUSH = 3;

let announced = null; // number of the newest announced call; null before the first answer
let isRush = false;
let isFirst = true; // of a row of announcements: it gets the chime
let again = [];

/** Note the newest call of an answer: a board that was just switched on, or whose store was restored from a backup,
    announces no old call. */
export function noteNewest(newest) {
  if (announced === null || newest < announced) announced = newest;
}

const unannounced = (calls) => calls.filter((call) => call.seq > announced);

/** Return the next announcement ({call, isShort, hasChime}), or null. */
export function nextAnnouncement(calls) {
  const waiting = unannounced(calls);
  if (waiting.length >= RUSH) isRush = true;
  const call = waiting[0] ?? nextRepeat(calls);
  if (!call) {
    isRush = false;
    isFirst = true;
    return null;
  }
  if (waiting.length) noteAnnounced(call);
  const hasChime = isFirst || !isRush;
  isFirst = false;
  return { call, isShort: isRush, hasChime };
}

/** Say whether an announcement ends after its first time, because others wait; it is then repeated later. */
export function endsEarly(call, calls) {
  if (unannounced(calls).length < RUSH - 1) return false;
  isRush = true;
  again.push(call.seq);
  return true;
}

function noteAnnounced(call) {
  announced = call.seq;
  if (isRush) again.push(call.seq);
}

function nextRepeat(calls) {
  again = again.filter((seq) => calls.some((call) => call.seq === seq));
  const seq = again.shift();
  return calls.find((call) => call.seq === seq);
}
