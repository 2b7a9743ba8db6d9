/* Straightened page: what lies within four corners of a picture, as a rectangle. */

const MAX_EDGE = 2400;
const far = (one, other) => Math.hypot(one.x - other.x, one.y - other.y);

/* Return the size of the page in pixels: that of its longer sides in the picture. */
function sizeOf([topLeft, topRight, bottomRight, bottomLeft]) {
  const width = Math.max(far(topLeft, topRight), far(bottomLeft, bottomRight)),
    height = Math.max(far(topLeft, bottomLeft), far(topRight, bottomRight));
  const scale = Math.min(1, MAX_EDGE / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/* Return the eight factors that map the unit square to the corners: x = (a u + b v + c) / (g u + h v + 1). */
function mapping([p, q, r, s]) {
  const [dx1, dx2, dx3] = [q.x - r.x, s.x - r.x, p.x - q.x + r.x - s.x],
    [dy1, dy2, dy3] = [q.y - r.y, s.y - r.y, p.y - q.y + r.y - s.y];
  const scale = dx1 * dy2 - dx2 * dy1;
  const g = (dx3 * dy2 - dx2 * dy3) / scale,
    h = (dx1 * dy3 - dx3 * dy1) / scale;
  return {
    a: q.x - p.x + g * q.x,
    b: s.x - p.x + h * s.x,
    c: p.x,
    d: q.y - p.y + g * q.y,
    e: s.y - p.y + h * s.y,
    f: p.y,
    g,
    h,
  };
}

/* Return the pixels of the page, four bytes each, with its size; `most` limits its longer edge. */
export function straighten({ data, width: wide, height: high }, corners, most = MAX_EDGE) {
  const whole = sizeOf(corners),
    scale = Math.min(1, most / Math.max(whole.width, whole.height));
  const width = Math.max(1, Math.round(whole.width * scale)),
    height = Math.max(1, Math.round(whole.height * scale));
  const { a, b, c, d, e, f, g, h } = mapping(corners);
  const page = new Uint8ClampedArray(width * height * 4);
  for (let row = 0, to = 0; row < height; row += 1) {
    const v = (row + 0.5) / height;
    for (let column = 0; column < width; column += 1, to += 4) {
      const u = (column + 0.5) / width,
        w = g * u + h * v + 1;
      const x = Math.min(wide - 1.001, Math.max(0, (a * u + b * v + c) / w)),
        y = Math.min(high - 1.001, Math.max(0, (d * u + e * v + f) / w));
      const left = Math.floor(x),
        top = Math.floor(y),
        right = x - left,
        below = y - top;
      const from = (top * wide + left) * 4;
      for (let band = 0; band < 3; band += 1) {
        const upper = data[from + band] + (data[from + band + 4] - data[from + band]) * right,
          under = from + band + wide * 4,
          lower = data[under] + (data[under + 4] - data[under]) * right;
        page[to + band] = upper + (lower - upper) * below;
      }
      page[to + 3] = 255;
    }
  }
  return { data: page, width, height };
}
