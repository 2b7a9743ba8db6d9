/* Worker of the paper camera: finds the paper in a picture, and straightens a page, beside the page that shows it. */

import { findPaper, isCard } from "./edges.js";
import { flawOf, greyOf } from "./quality.js";
import { straighten } from "./straighten.js";

const LOOK_EDGE = 320,
  LETTERS_EDGE = 1200;

function half({ grey, width, height }) {
  const [wide, high] = [width >> 1, height >> 1],
    small = new Uint8Array(wide * high);
  for (let y = 0; y < high; y += 1)
    for (let x = 0; x < wide; x += 1) {
      const at = 2 * y * width + 2 * x;
      small[y * wide + x] = (grey[at] + grey[at + 1] + grey[at + width] + grey[at + width + 1]) >> 2;
    }
  return { grey: small, width: wide, height: high };
}

function look(picture) {
  const large = greyOf(picture),
    found = findPaper(half(large), large);
  const flaw = found.corners ? flawOf(greyOf(straighten(picture, found.corners, LOOK_EDGE)), false) : "";
  return { ...found, flaw, isCard: found.corners !== null && isCard(found.corners) };
}

function take(picture, corners) {
  const page = straighten(picture, corners);
  return { page, flaw: flawOf(greyOf(straighten(picture, corners, LETTERS_EDGE)), true) };
}

addEventListener("message", ({ data: { kind, picture, corners } }) => {
  if (kind === "look") postMessage(look(picture));
  else {
    const answer = take(picture, corners);
    postMessage(answer, { transfer: [answer.page.data.buffer] });
  }
});
