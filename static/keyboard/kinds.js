/* What each kind of field takes: which board, whether words are composed, which characters.

   A field says its kind in data-keyboard; a kind that is not here is a line of text. `groups` is how long numbers are
   shown ("046 093 000 451"); the form sends them without the spaces. */

const digits = { layout: "pad", keep: /\d/ };

export const KINDS = {
  name: { layout: "letters", composes: true, capitals: true },
  text: { layout: "letters", composes: true },
  digits,
  date: digits,
  id: { ...digits, groups: [3, 3, 3, 3] },
  number: digits,
  phone: { layout: "pad", keep: /[\d+]/, groups: [4, 3, 3] },
  email: { layout: "email", keep: /[!-~]/ },
  code: { layout: "code", keep: /[A-Z0-9\-/.]/, upper: true },
};

export const kindOf = (field) => KINDS[field.dataset.keyboard] ?? KINDS.text;

/** What a field of this kind takes of a text. */
export function kept(kind, text) {
  const clean = (kind.upper ? text.toUpperCase() : text).normalize("NFC").replace(/[\r\n\t]+/g, " ");
  return kind.keep ? [...clean].filter((char) => kind.keep.test(char)).join("") : clean;
}

/** A text as a field of this kind shows it. */
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
