/* Numbers of identity papers: the board and the length that the chosen paper wants, and how many digits are written.

   data-digits of a field: the digits of its number by type of paper, under "" while no type is chosen. data-type-of:
   the name of the options. A paper that is not listed there takes letters too. */

import { regroup } from "./editing.js";

const lengthOf = (field) => {
  const type = field.dataset.typeOf;
  const chosen = type && document.querySelector(`[name="${CSS.escape(type)}"]:checked`);
  return JSON.parse(field.dataset.digits)[chosen?.value ?? ""];
};

/** Give a field the board and the length of its paper. */
export function fitNumber(field) {
  const length = lengthOf(field);
  field.dataset.keyboard = length ? "id" : "code";
  if (length) field.maxLength = length;
  else field.removeAttribute("maxlength");
  regroup(field);
  countDigits(field);
}

/** Show how many digits are written, of how many. */
export function countDigits(field) {
  const count = field.id && document.querySelector(`[data-digits-of="${CSS.escape(field.id)}"]`);
  if (!count) return;
  const of = lengthOf(field);
  const n = field.value.replace(/\D/g, "").length;
  count.hidden = !of;
  count.textContent = count.dataset.words.replace("{n}", n).replace("{of}", of);
}
