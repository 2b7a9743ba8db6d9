/* Quality of a straightened page, measured as the server measures it again (kiosk/uploads/picture_quality.py). */

const TILES_ALONG = 24,
  DARK_LEVEL = 90,
  BURNT_LEVEL = 252,
  BURNT_SHARE = 0.9,
  GLARE_SHARE = 0.02,
  INK_RANGE = 60,
  MIN_SHARPNESS = 0.12;
const upperQuarter = (values) => [...values].sort((one, other) => one - other)[Math.floor((values.length * 3) / 4)];

/* Return the grey values of a picture with four bytes a pixel. */
export function greyOf({ data, width, height }) {
  const grey = new Uint8Array(width * height);
  for (let at = 0, from = 0; at < grey.length; at += 1, from += 4)
    grey[at] = (data[from] * 299 + data[from + 1] * 587 + data[from + 2] * 114) / 1000;
  return { grey, width, height };
}

function tileOf({ grey, width }, left, top, edge) {
  let [low, high, sum, burnt, bends, squares] = [255, 0, 0, 0, 0, 0];
  for (let y = top; y < top + edge; y += 1) {
    for (let x = left; x < left + edge; x += 1) {
      const at = y * width + x,
        here = grey[at];
      low = Math.min(low, here);
      high = Math.max(high, here);
      sum += here;
      burnt += here >= BURNT_LEVEL;
      const bend = Math.max(
        -128,
        Math.min(127, grey[at - 1] + grey[at + 1] + grey[at - width] + grey[at + width] - 4 * here),
      );
      bends += bend;
      squares += bend * bend;
    }
  }
  const count = edge * edge;
  return {
    range: high - low,
    level: sum / count,
    burnt: burnt / count,
    bend: Math.sqrt(Math.max(0, squares / count - (bends / count) ** 2)),
  };
}

/* Return "dark", "glare", "blurred" or "": the worst flaw of a page; letters are judged with `withLetters` alone,
   because a small picture has lost them. */
export function flawOf(page, withLetters) {
  const edge = Math.max(1, Math.floor(Math.max(page.width, page.height) / TILES_ALONG));
  const tiles = [];
  for (let y = edge; y + 2 * edge <= page.height; y += edge)
    for (let x = edge; x + 2 * edge <= page.width; x += edge) tiles.push(tileOf(page, x, y, edge));
  if (!tiles.length) return "";
  if (upperQuarter(tiles.map(({ level }) => level)) < DARK_LEVEL) return "dark";
  if (tiles.filter(({ burnt }) => burnt > BURNT_SHARE).length > GLARE_SHARE * tiles.length) return "glare";
  const sharpness = tiles.filter(({ range }) => range > INK_RANGE).map(({ bend, range }) => bend / range);
  return withLetters && sharpness.length && upperQuarter(sharpness) < MIN_SHARPNESS ? "blurred" : "";
}
