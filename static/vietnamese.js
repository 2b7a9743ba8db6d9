/* Vietnamese input engine: keys of a word in, the written word out. No DOM, no state of its own.

   A word is its beginning (text left and right of the caret) and the keys since; every key computes the whole word
   again. So nothing depends on what was shown before, except `plain`: the readings that an earlier key of this word
   ruled out (once "exp" is no Vietnamese, its x stays an x).
   Letters are never refused: what is not Vietnamese stays as it was typed. */

import * as w from "./keyboard/letters.js";
import { READINGS, isSound, work } from "./keyboard/methods.js";

/* ---- words ---- */

/** Return a word read from text, with the caret between `before` and `after`. */
export const retype = (before = "", after = "") => ({ before, after, keys: [], plain: 0 });

/** Return the word after one more key. */
export function press(word, key, options = {}) {
  const next = { ...word, keys: [...word.keys, key] };
  for (const plain of READINGS) {
    if ((plain & word.plain) !== word.plain) continue;
    next.plain = plain;
    if (plain === READINGS.at(-1) || options.method === "easy" || isSound(work(next, options))) break;
  }
  return next;
}

/** Return {text, caret} of a word. */
export function read(word, options = {}) {
  const { letters, at, style } = work(word, options);
  if (!word.keys.length) return { text: word.before + word.after, caret: word.before.length };
  const out = w.settled(letters, style);
  return { text: w.textOf(out), caret: w.textOf(out.slice(0, at)).length };
}

/** The word without the letter before the caret; its tone stays with the syllable. */
export function erase(word, options = {}) {
  const { letters, at, style } = work(word, options);
  const out = w.settled(letters, style),
    gone = out[at - 1];
  if (!gone) return word;
  const heir = [out[at - 2], out[at]].find((l) => l && w.isVowel(l));
  if (gone.t && heir && !heir.t) heir.t = gone.t;
  out.splice(at - 1, 1);
  const rest = w.settled(out, style);
  return retype(w.textOf(rest.slice(0, at - 1)), w.textOf(rest.slice(at - 1)));
}

export const isLetter = (key) => /^\p{L}\p{M}*$/u.test(key);

/** The line that these keys write: a string, or an array in which "Backspace" is a key. */
export function compose(keys, options = {}) {
  let line = "",
    word = retype();
  for (const key of typeof keys === "string" ? keys.normalize("NFC") : keys) {
    const now = read(word, options).text;
    if (key === "\b" || key === "Backspace") {
      const before = now ? line : line.replace(/.\p{M}*$/su, "");
      const begun = /[\p{L}\p{M}]*$/u.exec(before)[0];
      word = now ? erase(word, options) : retype(begun);
      line = now ? line : before.slice(0, before.length - begun.length);
    } else if (isLetter(key) || (now && options.method === "vni" && /^\d$/.test(key))) {
      word = press(word, key, options);
    } else {
      line += now + key;
      word = retype();
    }
  }
  return (line + read(word, options).text).normalize("NFC");
}

/* ---- tones by their own keys ---- */

function toned(word, caret) {
  const letters = w.lettersOf(word),
    found = w.groups(letters).filter((group) => group.core < group.to);
  let at = 0;
  for (let length = 0; at < letters.length && length < (caret ?? Infinity); at++) length += w.show(letters[at]).length;
  return { letters, group: found.filter((group) => group.from < at).pop() ?? found[0] };
}

/** The name of the tone that a word has at the caret (by default its last), or "". */
export function toneOf(word, caret) {
  const { letters, group } = toned(word, caret);
  return (group && w.TONE_OF_MARK[w.toneOfGroup(letters, group)]) || "";
}

/** The word with a tone ("acute", "grave", "hook", "tilde", "dot"; "" takes it off). */
export function applyTone(word, tone, { tone: style = "old", caret } = {}) {
  const { letters, group } = toned(word, caret);
  if (!group) return word;
  w.setTone(letters, group, w.TONES[tone] ?? "", style);
  return w.textOf(w.settled(letters, style));
}

/** As applyTone, but the tone that is there already is taken off. */
export const toggleTone = (word, tone, options = {}) =>
  applyTone(word, toneOf(word, options.caret) === tone ? "" : tone, options);

/** What a tone key would make of the vowel: "ọ" for "Ngoc" and "dot"; at rest "ạ". */
export function previewTone(word, tone, { tone: style = "old", caret } = {}) {
  const { letters, group } = toned(word, caret);
  const vowel = group ? letters[w.seat(letters, group, style)] : w.letter("a");
  return w.show({ ...vowel, t: w.TONES[tone] });
}

/* ---- names ---- */

const WORD_START = /(^|[\s\-'’ʼ.])$/u;

/** Will the next letter of a name be a capital? */
export const startsName = (before) => WORD_START.test(before);

/** Each word of a name with a capital. */
export const capitalise = (line) =>
  line.replace(/(^|[\s\-'’ʼ.])(\p{Ll})/gu, (_, before, first) => before + first.toUpperCase());

// Foreign names that read as Telex: nobody is to be asked about them.
const NAMES = w.set(
  "lees dee see bee rees max rex cox tex hans lars luis das bas gus jos ross low chow how row bow mars sir",
);

/** The word that left-over Telex or VNI ("Nguyeenx", "Nguye6n4") was meant to be, or "" if there is none. */
export function telexLeft(word, { tone = "old" } = {}) {
  const method = /\d/.test(word) ? "vni" : "telex";
  if (!/^[a-z]+\d*[a-z]*\d*$/i.test(word) || NAMES.has(word.toLowerCase())) return "";
  if (w.isSyllable(w.lettersOf(word))) return "";
  const typed = [...word].reduce((so, key) => press(so, key, { method, tone }), retype());
  const s = work(typed, { method, tone }),
    out = w.settled(s.letters, tone);
  if (typed.plain || s.bareW || s.off.size || s.toneKeys > 1 || !w.isSyllable(out)) return "";
  // "Hana" is a name, "Hanaf" is not.
  if (s.late && !s.toneKeys && w.groups(w.lettersOf(word)).length > 1) return "";
  return w.textOf(out);
}
