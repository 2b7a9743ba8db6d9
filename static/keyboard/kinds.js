/* What each kind of field takes: which board, whether words are composed, which characters.

   A field says its kind in data-keyboard; a kind that is not here is a line of text. */

const digits = { layout: "pad", keep: /\d/ };

export const KINDS = {
  name: { layout: "letters", composes: true, capitals: true },
  text: { layout: "letters", composes: true },
  digits,
  date: digits,
  id: digits,
  number: digits,
  phone: { layout: "pad", keep: /[\d+]/ },
  email: { layout: "email", keep: /[!-~]/ },
  code: { layout: "code", keep: /[A-Z0-9\-/.]/, upper: true },
};

export const kindOf = (field) => KINDS[field.dataset.keyboard] ?? KINDS.text;

/** What a field of this kind takes of a text. */
export function kept(kind, text) {
  const clean = (kind.upper ? text.toUpperCase() : text).normalize("NFC").replace(/[\r\n\t]+/g, " ");
  return kind.keep ? [...clean].filter((char) => kind.keep.test(char)).join("") : clean;
}
