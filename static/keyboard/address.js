/* Address words: "tỏ 5" was meant as "tổ 5". Only words that are a unit of an address by their place are found. */

import { telexLeft } from "../vietnamese.js";
import { folded, likeTyped } from "./letters.js";

const UNITS = new Map(
  ["tổ", "thôn", "xóm", "ấp", "đội", "cụm", "khu", "lô", "số", "ngõ", "ngách", "kiệt", "hẻm", "đường", "nhà"].map(
    (unit) => [folded(unit), unit],
  ),
);
/* Before a name instead of a number; written small, because "Dương" and "Ấp" also begin names. */
const BEFORE_NAMES = new Set(["thôn", "xóm", "ấp", "đường"]);

/** Return the unit that a word of an address was meant as, "" if it is none or is right. */
export function unitMeant(word, { before, behind, tone }) {
  const typed = word.normalize("NFC").toLocaleLowerCase("vi");
  const unit = UNITS.get(folded(typed)) ?? [...UNITS.values()].find((known) => known === telexLeft(typed, { tone }));
  if (!unit || unit === typed) return "";
  const leads = /^\s+\d/.test(behind) && (unit !== "nhà" || /\bs\p{L}\s+$/iu.test(before));
  const leadsName =
    BEFORE_NAMES.has(unit) && /^\p{Ll}/u.test(word) && /^\s+\p{Lu}/u.test(behind) && /(^|[,\d])\s*$/.test(before);
  const leadsHouse = unit === "số" && /^\s+nh[aà]\s/iu.test(behind);
  if (!leads && !leadsName && !leadsHouse) return "";
  return likeTyped(unit, word);
}
