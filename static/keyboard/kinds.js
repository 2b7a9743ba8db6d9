/* Kinds of field: which board each has, whether words are composed, which characters it accepts. `opens` is the board
   that is first where it is not the kind's own.

   A field names its kind in data-keyboard; an unknown kind is a line of text. `groups` is how long numbers are shown
   ("046 093 000 451"); the form sends them without the spaces. */

const digits = { layout: "pad", keep: /\d/ };

export const KINDS = {
  name: { layout: "letters", composes: true, capitals: true },
  text: { layout: "letters", composes: true },
  figures: { layout: "letters", opens: "symbols", composes: true },
  digits,
  date: digits,
  id: { ...digits, groups: [3, 3, 3, 3] },
  number: digits,
  phone: { layout: "pad", keep: /[\d+]/, groups: [4, 3, 3] },
  email: { layout: "email", keep: /[!-~]/ },
  code: { layout: "code", keep: /[A-Z0-9\-/.]/, upper: true },
};

export const kindOf = (field) => KINDS[field.dataset.keyboard] ?? KINDS.text;

/** Return the characters of a text that a field of this kind accepts. */
export function kept(kind, text) {
  const clean = (kind.upper ? text.toUpperCase() : text).normalize("NFC").replace(/[\r\n\t]+/g, " ");
  return kind.keep ? [...clean].filter((char) => kind.keep.test(char)).join("") : clean;
}

/** Return a text as a field of this kind shows it. */
export function grouped({ groups }, text) {
  if (!groups || text.startsWith("+")) return text;
  let rest = text.replaceAll(" ", "");
  const parts = groups.map((size) => {
    const part = rest.slice(0, size);
    rest = rest.slice(size);
    return part;
  });
  parts[parts.length - 1] += rest;
  return parts.filter(Boolean).join(" ");
}
