/* Telex and VNI: what a key does to a word, and whether the result can be Vietnamese.

   A key returns true if it was used, false if it stays as a letter: nothing is ever refused. `s` is the state of one
   word: its letters, `at` (the caret), `off` (what was undone stays undone), `plain` (readings ruled out). */

import * as w from "./letters.js";

const { TONES, ROOF, BREVE, HORN, STROKE } = w;
const TELEX_TONES = { s: TONES.acute, f: TONES.grave, r: TONES.hook, x: TONES.tilde, j: TONES.dot, z: "" };
const VNI_TONES = ["", TONES.acute, TONES.grave, TONES.hook, TONES.tilde, TONES.dot];

// Readings that a word may rule out: tone letters, w, marks typed late ("nguyenex"), all of Telex.
const TONE = 1,
  W = 2,
  LATE = 4,
  EVERY = 8;
/** Readings that may be ruled out, the least harmful first. */
export const READINGS = [0, W, TONE, LATE, TONE | W, LATE | W, TONE | LATE, TONE | LATE | W, 15];

/* Words of other languages, in which s f r x j are always letters. */
const FOREIGN = /f|^s[^h]|^chr/;

const groupAt = (s) =>
  w
    .groups(s.letters)
    .filter((group) => group.from < s.at)
    .pop();

function toneKey(s, tone, byLetter) {
  const group = groupAt(s);
  if (!group || group.core === group.to || s.off.has(`tone${group.from}`)) return false;
  const now = w.toneOfGroup(s.letters, group),
    again = now === tone;
  if (!tone && !now) return false;
  w.setTone(s.letters, group, again ? "" : tone, s.style);
  if (again) s.off.add(`tone${group.from}`);
  s.toned = byLetter && tone && !again ? group.from : -1;
  if (byLetter && tone) s.toneKeys++;
  return !again;
}

/* ---- roof, breve, horn ---- */

/* Mark the first of `places` that makes a nucleus, else the first without the mark; if all have it, remove it.
   `wanted` returns the mark of a letter, `places` its possible positions in the vowels of the syllable. */
function mark(s, key, wanted, places, byLetter) {
  const group = groupAt(s);
  if (!group || s.off.has(key)) return false;
  const end = Math.min(group.to, s.at),
    vowels = s.letters
      .slice(group.core, end)
      .map((l) => l.b)
      .join("");
  const spots = places(vowels).map((i) => group.core + i);
  const free = spots.filter((i) => s.letters[i].m !== wanted(s.letters[i]));
  if (!free.length) return undoMark(s, key, group, spots, byLetter);
  const spot = free.find((i) => w.isNucleus(marked(s, group, i, wanted))) ?? free[0];
  const after = marked(s, group, spot, wanted),
    near = end === s.at && touches(s, spot);
  if (byLetter && !(near ? w.isNucleus(after) || w.isLoose(after) : mayMarkLate(s, group, after))) return false;
  if (wanted(s.letters[spot]) === ROOF && s.letters[spot - 1]?.m === HORN) s.letters[spot - 1].m = "";
  s.letters[spot].m = wanted(s.letters[spot]);
  s.late ||= byLetter && !near;
  return true;
}

// "uuw", "uaw": the u is marked from behind the letter beside it.
const touches = (s, spot) => spot === s.at - 1 || (s.letters[spot].b === "u" && spot === s.at - 2);

function marked(s, { core, to }, spot, wanted) {
  const letters = s.letters.map((l, i) => (i === spot ? { ...l, m: wanted(l) } : l));
  return w.unmarkedText(w.settled(letters, s.style).slice(core, to));
}

function mayMarkLate(s, group, nucleus) {
  if (s.plain & LATE || w.groups(s.letters).length > 1) return false;
  return w.isNucleus(nucleus) && group.coda !== "k" && w.closes({ nucleus, coda: group.coda });
}

function undoMark(s, key, group, spots, byLetter) {
  const near = Math.min(group.to, s.at) === s.at;
  if (!spots.length || (byLetter && !near && !s.late)) return false;
  s.off.add(key);
  s.late = false;
  const horned = spots.some((i) => s.letters[i].m === HORN);
  const gone = s.letters.findIndex((l, i) => i >= group.core && i < group.to && l.fromW);
  for (let i = group.core; i < group.to; i++) {
    if (spots.includes(i) || (horned && s.letters[i].m === HORN)) s.letters[i].m = "";
  }
  if (gone >= 0) takeOutW(s, gone);
  return false;
}

/* "ww": replace the ư of the first w by the second w. */
function takeOutW(s, gone) {
  [s.first] = s.letters.splice(gone, 1);
  s.at--;
  s.bareW = false;
}

const roof = () => ROOF,
  breve = () => BREVE,
  horn = () => HORN;
const hornOrBreve = (l) => (l.b === "a" ? BREVE : HORN);
const lastFirst = (vowels, of) => [...vowels].flatMap((b, i) => (of.includes(b) ? [i] : [])).reverse();

function hornPlaces(vowels) {
  const uo = vowels.indexOf("uo"),
    u = vowels.search(/ua|uu/);
  if (uo >= 0) return [uo + 1];
  return u >= 0 ? [u] : lastFirst(vowels, "aou").slice(0, 1);
}

function wKey(s, key) {
  if (groupAt(s)) return mark(s, "w", hornOrBreve, hornPlaces, true);
  if (s.off.has("w")) return false;
  s.letters.splice(s.at++, 0, { ...w.letter("ư"), up: key === "W", fromW: true });
  s.bareW = true;
  return true;
}

/* ---- đ ---- */

function dKey(s) {
  const before = s.letters[s.at - 1],
    first = s.letters[0];
  if (before?.b === "d") return stroke(s, before);
  const groups = w.groups(w.settled(s.letters, s.style)),
    [group] = groups;
  if (s.plain & LATE || groups.length !== 1 || group.from !== 1 || first.b !== "d" || !w.mayClose(group)) return false;
  s.late = first.m !== STROKE;
  return stroke(s, first);
}

function stroke(s, d) {
  if (!d || s.off.has("d")) return false;
  const again = d.m === STROKE;
  d.m = again ? "" : STROKE;
  if (again) s.off.add("d");
  return !again;
}

/** Action of a key, by method. "easy": letters are letters. */
const METHODS = {
  easy: () => false,
  telex(s, key) {
    const k = key.toLowerCase();
    if (s.plain & EVERY) return false;
    if (k in TELEX_TONES) return !(s.plain & TONE) && toneKey(s, TELEX_TONES[k], true);
    if ("aeo".includes(k)) return mark(s, k, roof, (vowels) => lastFirst(vowels, k).slice(0, 1), true);
    if (k === "w") return !(s.plain & W) && wKey(s, key);
    return k === "d" && dKey(s);
  },
  vni(s, key) {
    if (!/^\d$/.test(key) || s.letters.some((l) => /\d/.test(l.b))) return false;
    if (key < "6") return toneKey(s, VNI_TONES[key], false);
    if (key === "6") return mark(s, key, roof, (vowels) => lastFirst(vowels, "aeo"), false);
    if (key === "7") return mark(s, key, horn, (vowels) => hornPlaces(vowels.replace(/a/g, "-")), false);
    if (key === "8") return mark(s, key, breve, (vowels) => lastFirst(vowels, "a"), false);
    return (
      key === "9" &&
      stroke(
        s,
        s.letters.slice(0, s.at).findLast((l) => l.b === "d"),
      )
    );
  },
};

/** Return the letters of a word after all its keys. */
export function work(word, { method = "telex", tone = "old" } = {}) {
  const letters = w.lettersOf(word.before),
    at = letters.length;
  const s = { letters, at, off: new Set(), plain: word.plain, style: tone, toned: -1, toneKeys: 0 };
  letters.push(...w.lettersOf(word.after));
  for (const key of word.keys) if (!METHODS[method](s, key)) putLetter(s, key);
  return s;
}

function putLetter(s, key) {
  const l = w.letter(key);
  if (s.first) l.up = s.first.up;
  s.first = null;
  s.letters.splice(s.at++, 0, l);
}

/* ---- is it Vietnamese, or near enough? ---- */

/** False if what the keys were taken for makes no sense, so that some must be letters. */
export function isSound(s) {
  const letters = w.settled(s.letters, s.style),
    all = w.groups(letters);
  const onset = w.unmarkedText(letters.slice(0, all[0]?.from));
  for (const { nucleus } of all) {
    if (nucleus !== w.bare(nucleus) && !w.isNucleus(nucleus) && !w.isLoose(nucleus)) return false;
  }
  if (s.late && (all.length > 1 || !w.mayClose(all[0]) || isForeign(onset, all[0]))) return false;
  if (s.bareW && !isPlainSyllable(all)) return false;
  return s.toned < 0 || (!isForeign(onset, all[0]) && isToneSound(letters, all, s.toned));
}

const isPlainSyllable = (all) => all.length === 1 && w.closes(all[0]) && w.isNucleus(all[0].nucleus);
// Nothing begins with ie: it is written yê.
const isForeign = (onset, { nucleus }) => FOREIGN.test(onset) || (!onset && /^i[eê]/.test(nucleus));

function isToneSound(letters, all, from) {
  const last = all.at(-1);
  if (last.from !== from || (all.length > 1 && !letters.some((l) => l.m))) return false;
  return w.mayClose(last) && w.mayCarry(w.toneOfGroup(letters, last), last.coda);
}
