/* Common surnames without their marks or with other ones: "Nguyen", "Nguyẽn". The page asks and changes nothing. */

import { folded, likeTyped } from "./letters.js";

const COMMON = new Map(
  [
    ...["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Võ", "Vũ", "Đặng", "Bùi", "Đỗ"],
    ...["Hồ", "Ngô", "Dương", "Trương", "Đinh", "Đoàn", "Trịnh", "Lương", "Đào"],
  ].map((surname) => [folded(surname), surname]),
);
/* Surnames of their own that differ from a common one by marks alone (Tày, Hmông, Chăm, Bahnar and Kinh). */
const RARE = new Set(["đàng", "dàng", "đăng", "đô", "hờ", "hơ", "ngọ", "đường", "doãn", "trình", "lường", "vừ", "đạo"]);

/** Return the common surname that the first word of a name was meant as, "" if it is none or is right. */
export function surnameMeant(word, { before }) {
  const typed = word.normalize("NFC").toLocaleLowerCase("vi");
  const surname = COMMON.get(folded(typed)) ?? "";
  const isRight = !surname || typed === surname.toLocaleLowerCase("vi") || RARE.has(typed);
  return isRight || before.trim() ? "" : likeTyped(surname.toLocaleLowerCase("vi"), word);
}
