/* Letters of a Vietnamese word: vowel groups, the position of the tone, what is a syllable.

   A letter is {b: base, m: mark, t: tone, up: capital}. Only `settled` moves tones and horns to where they are written;
   until then they may be where a key put them. */

export const TONES = { acute: "\u0301", grave: "\u0300", hook: "\u0309", tilde: "\u0303", dot: "\u0323" };
export const ROOF = "\u0302";
export const BREVE = "\u0306";
export const HORN = "\u031b";
export const STROKE = "-";
export const TONE_OF_MARK = Object.fromEntries(Object.entries(TONES).map(([name, mark]) => [mark, name]));

// Nuclei of written Vietnamese: some end the syllable, some may have a final consonant, some must have one.
export const set = (words) => new Set(words.split(" "));
const ENDING = set(
  "ai ao au ay âu ây eo êu ia iu iêu yêu oai oao oay oeo oi ôi ơi ua uây uya uyu ui uôi uơ ưa ưi ưu ươi ươu",
);
const GOING_ON = set("a ă â e ê i o ô ơ u ư y oa oă oe oo uâ uê uô ươ iê yê uy uyê");
const UNFINISHED = set("ă â oă oo uâ uô ươ iê yê uyê");
const CODAS = set("c ch m n ng nh p t");
const ONSETS = set("b c ch d đ g gh gi h k kh l m n ng ngh nh p ph q r s t th tr v x");
// Consonants that begin the next syllable of a word without spaces: the th of "Zơthâm" closes nothing.
const JOINED = set("ch gh kh ng ngh nh ph th tr bh br bl dr kr kl pr pl mr ml hr hl");
const STOP = /^(c|ch|k|p|t)$/;
export const bare = (text) => text.normalize("NFD").replace(/\p{M}/gu, "");
/** Return a word in small letters without marks, đ as d. */
export const folded = (word) => bare(word.toLocaleLowerCase("vi")).replaceAll("đ", "d");
/** Return a word of small letters with the capitals of a typed word. */
export function likeTyped(small, word) {
  if (word.length > 1 && word === word.toLocaleUpperCase("vi")) return small.toLocaleUpperCase("vi");
  if (/^\p{Lu}/u.test(word)) return small[0].toLocaleUpperCase("vi") + small.slice(1);
  return small;
}
const BASE_ENDING = new Set([...ENDING, ...GOING_ON].map(bare));
const BASE_GOING_ON = new Set([...GOING_ON].map(bare));

export const isNucleus = (nucleus) => ENDING.has(nucleus) || GOING_ON.has(nucleus);
// Names of the Central Highlands: a marked vowel after i, y or u (Byă, Tiăng, Niê).
export const isLoose = (nucleus) => /^[iyu]?[ăâêôơưŏŭĕĭ]$/.test(nucleus);
/** Return whether this group may close a Vietnamese syllable (k as in Đắk). */
export const closes = ({ nucleus, coda }) => !coda || ((CODAS.has(coda) || coda === "k") && !ENDING.has(nucleus));
/** Return the same for a group whose marks may still be missing ("xuat"). */
export function mayClose(group) {
  const base = bare(group.nucleus),
    { coda } = group;
  if (base !== group.nucleus && !closes(group)) return false;
  return coda ? (CODAS.has(coda) || coda === "k") && BASE_GOING_ON.has(base) : BASE_ENDING.has(base);
}
/** Return whether a final consonant allows this tone: stopped syllables have two tones only. */
export const mayCarry = (tone, coda) => !STOP.test(coda) || tone === TONES.acute || tone === TONES.dot;

/** Return whether the letters are one whole syllable by the spelling rules. */
export function isSyllable(letters) {
  const [group, second] = groups(letters);
  if (!group || second || !isNucleus(group.nucleus)) return false;
  const { coda, nucleus, from } = group,
    onset = unmarkedText(letters.slice(0, from));
  const ends = coda ? CODAS.has(coda) && GOING_ON.has(nucleus) : !UNFINISHED.has(nucleus);
  return ends && (!onset || ONSETS.has(onset)) && mayCarry(toneOfGroup(letters, group), coda);
}

/* ---- letters ---- */

export function letter(char) {
  const low = char.toLowerCase(),
    up = low !== char;
  if (low === "đ") return { b: "d", m: STROKE, t: "", up };
  const [b, ...marks] = low.normalize("NFD");
  const vowel = "aeiouy".includes(b);
  const t = (vowel && marks.find((mark) => mark in TONE_OF_MARK)) || "";
  return { b, m: marks.filter((mark) => mark !== t).join(""), t, up };
}

export const lettersOf = (text) => (text.normalize("NFC").match(/.\p{M}*/gsu) ?? []).map(letter);
export const isVowel = (l) => "aeiouy".includes(l.b);

export function show({ b, m, t, up }) {
  const low = m === STROKE ? "đ" : (b + m + t).normalize("NFC");
  return up ? low.toUpperCase() : low;
}

export const textOf = (letters) => letters.map(show).join("");
export const unmarkedText = (letters) => textOf(letters.map((l) => ({ ...l, t: "", up: false })));

/* Return the vowel groups of a word. `core` leaves out the u of qu and the i of gi; `coda` is what follows. */
export function groups(letters) {
  const found = [];
  for (let i = 0; i < letters.length; i++) {
    if (!isVowel(letters[i])) continue;
    const from = i;
    while (i < letters.length && isVowel(letters[i])) i++;
    found.push({ from, core: from + glide(letters, from, i), to: i });
  }
  found.forEach((group, n) => {
    const next = found[n + 1];
    const between = unmarkedText(letters.slice(group.to, next?.from));
    group.coda = next && (between.length === 1 || JOINED.has(between)) ? "" : between;
    group.nucleus = unmarkedText(letters.slice(group.core, group.to));
  });
  return found;
}

function glide(letters, from, to) {
  const first = letters[from],
    before = letters[from - 1];
  if (first.m || !before) return 0;
  if (before.b === "q" && first.b === "u") return 1;
  const alone = from === 1 || isVowel(letters[from - 2]);
  return before.b === "g" && alone && first.b === "i" && to - from > 1 ? 1 : 0;
}

/* Return the index of the letter that carries the tone of a group; -1 if no vowel can ("qu"). */
export function seat(letters, { core, to, coda, nucleus }, style) {
  for (let i = to - 1; i >= core; i--) if (letters[i].m) return i;
  const size = to - core;
  if (size < 2) return size ? core : -1;
  if (size === 2) return coda || (style === "new" && /^(oa|oe|uy)$/.test(nucleus)) ? core + 1 : core;
  return coda || nucleus === "uye" ? to - 1 : core + 1;
}

export const toneOfGroup = (letters, { from, to }) =>
  letters
    .slice(from, to)
    .map((l) => l.t)
    .filter(Boolean)
    .pop() ?? "";

export function setTone(letters, group, tone, style) {
  for (let i = group.from; i < group.to; i++) letters[i].t = "";
  const at = seat(letters, group, style);
  if (at >= 0) letters[at].t = tone;
}

/* Return the letters as they are written: uo with one horn gets both if more follows, tones go to their place. */
export function settled(letters, style) {
  const out = letters.map((l) => ({ ...l }));
  for (const { core, to, coda } of groups(out)) {
    for (let u = core; u + 1 < to; u++) {
      const o = u + 1,
        pair = out[u].b + out[o].b === "uo";
      const horned = out[u].m === HORN ? !out[o].m : !out[u].m && out[o].m === HORN && (coda || o + 1 < to);
      if (pair && horned) out[u].m = out[o].m = HORN;
    }
  }
  for (const group of groups(out)) setTone(out, group, toneOfGroup(out, group), style);
  return out;
}
