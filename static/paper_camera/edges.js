/* Edges of a paper in a grey picture: four straight lines with the bright side within, and their corners.

   Gradients vote for lines by their direction (Hough, 1 degree and 2 pixels). Of all sets of four lines that make a
   convex shape, the one with the most of its border on edges wins, the larger one of two alike: a frame printed on the
   paper lies within the paper's own border. Then each side is fitted again, in the larger picture. */

const DEGREES = 360,
  RHO = 2,
  PEAKS = 28,
  LEAST_AREA = 0.06,
  LEAST_CARD = 0.025,
  CARD_RATIOS = [1.5, 1.7], // as in kiosk/uploads/picture_quality.py
  LEAST_SUPPORT = 0.62,
  LEAST_GRADIENT = 14,
  OUTSIDE = 0.12,
  OPPOSITE = 28,
  SQUARE = 32,
  MOST_LARGE = 400,
  TABLE_LEVEL = 0.85,
  LEAST_GAP = 0.015,
  SAMPLES = 48;
const COS = Float32Array.from({ length: DEGREES }, (_none, at) => Math.cos((at * Math.PI) / 180));
const SIN = Float32Array.from({ length: DEGREES }, (_none, at) => Math.sin((at * Math.PI) / 180));

/* Smooth a picture once by its eight neighbours, weighted 1-2-1. */
function smooth({ grey, width, height }) {
  const across = new Float32Array(grey.length),
    both = new Float32Array(grey.length);
  for (let at = 1; at < grey.length - 1; at += 1) across[at] = (grey[at - 1] + 2 * grey[at] + grey[at + 1]) / 4;
  for (let at = width; at < grey.length - width; at += 1)
    both[at] = (across[at - width] + 2 * across[at] + across[at + width]) / 4;
  return { grey: both, width, height };
}

/* Return the points where brightness changes most along its own direction, each with the direction of the bright. */
function edgePoints({ grey, width, height }) {
  const strength = new Float32Array(grey.length),
    toRight = new Float32Array(grey.length),
    down = new Float32Array(grey.length);
  for (let y = 2; y < height - 2; y += 1) {
    for (let x = 2; x < width - 2; x += 1) {
      const at = y * width + x;
      const gx = grey[at + 1] - grey[at - 1],
        gy = grey[at + width] - grey[at - width];
      toRight[at] = gx;
      down[at] = gy;
      strength[at] = Math.hypot(gx, gy);
    }
  }
  const points = [];
  for (let y = 3; y < height - 3; y += 1) {
    for (let x = 3; x < width - 3; x += 1) {
      const at = y * width + x,
        here = strength[at];
      if (here < LEAST_GRADIENT) continue;
      const ax = Math.abs(toRight[at]),
        ay = Math.abs(down[at]);
      let step = 1;
      if (ay > 2.4 * ax) step = width;
      else if (ax <= 2.4 * ay) step = toRight[at] * down[at] > 0 ? width + 1 : width - 1;
      if (here < strength[at - step] || here < strength[at + step]) continue;
      points.push({
        x,
        y,
        angle: (Math.round((Math.atan2(down[at], toRight[at]) * 180) / Math.PI) + DEGREES) % DEGREES,
      });
    }
  }
  return { points, toRight, down };
}

/* Return the strongest lines: `angle` points to their bright side, `rho` is the distance along it. */
function strongestLines(points, width, height) {
  const reach = Math.ceil(Math.hypot(width, height)),
    rows = Math.ceil((2 * reach) / RHO);
  const votes = new Float32Array(DEGREES * rows);
  for (const { x, y, angle } of points) {
    for (let off = -4; off <= 4; off += 1) {
      const bin = (angle + off + DEGREES) % DEGREES;
      votes[bin * rows + Math.round((x * COS[bin] + y * SIN[bin] + reach) / RHO)] += 1;
    }
  }
  const least = Math.min(width, height) * 0.12,
    strong = [];
  for (let bin = 0; bin < DEGREES; bin += 1)
    for (let row = 1; row < rows - 1; row += 1) {
      const here = votes[bin * rows + row] + 0.5 * (votes[bin * rows + row - 1] + votes[bin * rows + row + 1]);
      if (here > least) strong.push({ angle: bin, rho: row * RHO - reach, votes: here });
    }
  strong.sort((one, other) => other.votes - one.votes);
  const lines = [];
  for (const line of strong) {
    if (lines.length === PEAKS) break;
    if (!lines.some((kept) => turned(kept.angle, line.angle) < 6 && Math.abs(kept.rho - line.rho) < 4))
      lines.push(line);
  }
  return lines;
}

const turned = (one, other) => {
  const gap = Math.abs(one - other) % DEGREES;
  return gap > DEGREES / 2 ? DEGREES - gap : gap;
};

function crossing(one, other) {
  const [a, b, c, d] = [COS[one.angle], SIN[one.angle], COS[other.angle], SIN[other.angle]];
  const scale = a * d - b * c;
  if (Math.abs(scale) < 0.2) return null;
  return { x: (one.rho * d - other.rho * b) / scale, y: (other.rho * a - one.rho * c) / scale };
}

/* Return the share of a side that lies on an edge with its bright on the right side. */
function supportOf(from, to, angle, picture, gradients) {
  const { width, height } = picture;
  let inside = 0,
    found = 0;
  for (let n = 1; n < SAMPLES; n += 1) {
    const share = n / SAMPLES,
      x = from.x + (to.x - from.x) * share,
      y = from.y + (to.y - from.y) * share;
    if (x < 3 || y < 3 || x > width - 4 || y > height - 4) continue;
    inside += 1;
    for (let off = -2; off <= 2; off += 1) {
      const at = Math.round(y + off * SIN[angle]) * width + Math.round(x + off * COS[angle]);
      if (gradients.toRight[at] * COS[angle] + gradients.down[at] * SIN[angle] > LEAST_GRADIENT) {
        found += 1;
        break;
      }
    }
  }
  return inside > SAMPLES / 3 ? found / inside : 0;
}

const areaOf = (corners) => {
  let twice = 0;
  for (let n = 0; n < 4; n += 1) {
    const [here, next] = [corners[n], corners[(n + 1) % 4]];
    twice += here.x * next.y - next.x * here.y;
  }
  return twice / 2;
};

/* Return whether a shape has the format of a card: it is as small as it is on a tray that A4 fills. */
export function isCard([topLeft, topRight, , bottomLeft]) {
  const sides = [topRight, bottomLeft].map(({ x, y }) => Math.hypot(x - topLeft.x, y - topLeft.y));
  const ratio = Math.max(...sides) / Math.min(...sides);
  return CARD_RATIOS[0] < ratio && ratio < CARD_RATIOS[1];
}

function* pairs(lines) {
  for (let first = 0; first < lines.length; first += 1)
    for (let second = first + 1; second < lines.length; second += 1)
      if (turned(lines[first].angle, lines[second].angle) > 180 - OPPOSITE) yield [lines[first], lines[second]];
}

/* Yield the shapes that two pairs of lines make, with the corners in the order of a clock, the bright side within. */
function* shapes(lines, picture) {
  const { width, height } = picture,
    both = [...pairs(lines)];
  for (let one = 0; one < both.length; one += 1)
    for (let other = one + 1; other < both.length; other += 1) {
      const [left, right] = both[one],
        [top, bottom] = both[other];
      if (Math.abs(turned(left.angle, top.angle) - 90) > SQUARE) continue;
      const sides = [left, top, right, bottom].sort((a, b) => a.angle - b.angle);
      const corners = sides.map((side, n) => crossing(side, sides[(n + 1) % 4]));
      if (corners.some((corner) => !corner)) continue;
      const isNear = ({ x, y }) =>
        x > -OUTSIDE * width && x < (1 + OUTSIDE) * width && y > -OUTSIDE * height && y < (1 + OUTSIDE) * height;
      if (!corners.every(isNear)) continue;
      const area = areaOf(corners) / (width * height);
      if (area < LEAST_AREA && (area < LEAST_CARD || !isCard(corners))) continue;
      yield { sides, corners, area };
    }
}

/* Return the best shape and the best one beside it; null for none. */
function bestShapes(picture) {
  const { points, toRight, down } = edgePoints(picture);
  const lines = strongestLines(points, picture.width, picture.height);
  const found = [];
  for (const shape of shapes(lines, picture)) {
    const supports = shape.sides.map((side, n) =>
      supportOf(shape.corners[(n + 3) % 4], shape.corners[n], side.angle, picture, { toRight, down }),
    );
    const least = Math.min(...supports);
    if (least < LEAST_SUPPORT) continue;
    const whole = supports.reduce((sum, one) => sum + one, 0) / 4;
    found.push({ ...shape, score: (whole * least) ** 2 * Math.sqrt(shape.area) });
  }
  found.sort((one, other) => other.score - one.score);
  const [best] = found;
  const large = found.filter(({ area }) => area > best.area / 3).slice(0, MOST_LARGE);
  const isTwo = large.some((one, n) => large.slice(n + 1).some((other) => isTableBetween(one, other, picture)));
  return { best: best ?? null, isTwo, lines };
}

/* Return whether two shapes lie beside each other with the dark of the table between them. Two papers in one row look
   like one wide paper; the halves of a folded paper and two boxes on one have no table between them. */
function isTableBetween(one, other, { grey, width, height }) {
  if (!isApart(one, other)) return false;
  const [from, to] = [middleOf(one), middleOf(other)],
    within = [],
    between = [];
  for (let n = 0; n <= SAMPLES * 4; n += 1) {
    const share = n / (SAMPLES * 4),
      point = { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
    const [x, y] = [Math.round(point.x), Math.round(point.y)];
    if (x < 0 || y < 0 || x >= width || y >= height) continue;
    (isWithin(one, point) || isWithin(other, point) ? within : between).push(grey[y * width + x]);
  }
  const paper = within.sort((a, b) => a - b)[Math.floor(within.length * 0.75)];
  const gap = (between.length / SAMPLES / 4) * Math.hypot(to.x - from.x, to.y - from.y);
  const middle = between.slice(Math.floor(between.length / 4), Math.ceil((between.length * 3) / 4));
  return gap > LEAST_GAP * width && Math.max(...middle) < TABLE_LEVEL * paper;
}

const middleOf = ({ corners }) => ({
  x: corners.reduce((sum, { x }) => sum + x, 0) / 4,
  y: corners.reduce((sum, { y }) => sum + y, 0) / 4,
});

function isWithin({ corners }, { x, y }) {
  return corners.every((here, n) => {
    const next = corners[(n + 1) % 4];
    return (next.x - here.x) * (y - here.y) - (next.y - here.y) * (x - here.x) > 0;
  });
}

const isApart = (one, other) => !isWithin(one, middleOf(other)) && !isWithin(other, middleOf(one));

/* Fit a side again: the place of the steepest change at each of many points, and a line through most of them. */
function fittedSide(from, to, picture, reach) {
  const { grey, width, height } = picture;
  const long = Math.hypot(to.x - from.x, to.y - from.y),
    nx = -(to.y - from.y) / long,
    ny = (to.x - from.x) / long;
  let kept = [];
  for (let n = 3; n <= 61; n += 1) {
    const share = n / 64,
      x = from.x + (to.x - from.x) * share,
      y = from.y + (to.y - from.y) * share;
    const along = (off) => {
      const [px, py] = [Math.round(x + nx * off), Math.round(y + ny * off)];
      return grey[Math.min(height - 1, Math.max(0, py)) * width + Math.min(width - 1, Math.max(0, px))];
    };
    let best = 0,
      where = 0;
    const change = [];
    for (let off = -reach; off <= reach; off += 1) {
      change.push((along(off + 1) + along(off + 2) - along(off - 1) - along(off - 2)) / 2);
      if (change.at(-1) > best) {
        best = change.at(-1);
        where = off;
      }
    }
    if (best < LEAST_GRADIENT) continue;
    const at = where + reach,
      [before, here, after] = [change[at - 1] ?? 0, change[at], change[at + 1] ?? 0];
    const bend = before - 2 * here + after;
    kept.push({ share, off: where + (bend < 0 ? Math.max(-0.5, Math.min(0.5, (before - after) / (2 * bend))) : 0) });
  }
  let line = { begin: 0, end: 0 };
  for (const limit of [Infinity, 3, 1.5, 1]) {
    const near = kept.filter(({ share, off }) => Math.abs(off - line.begin - (line.end - line.begin) * share) <= limit);
    if (near.length < 12) break;
    kept = limit === Infinity ? kept : near;
    line = limit === Infinity ? middleLine(near) : leastSquares(near);
  }
  const moved = ({ x, y }, off) => ({ x: x + nx * off, y: y + ny * off });
  return [moved(from, line.begin), moved(to, line.end)];
}

/* The line through the middle of the first and of the last half: few points far away do not turn it. */
function middleLine(points) {
  const half = points.length >> 1;
  const median = (values) => [...values].sort((one, other) => one - other)[values.length >> 1];
  const [early, late] = [points.slice(0, half), points.slice(half)];
  const [s, t] = [median(early.map(({ share }) => share)), median(late.map(({ share }) => share))],
    [u, v] = [median(early.map(({ off }) => off)), median(late.map(({ off }) => off))];
  const rise = (v - u) / (t - s);
  return { begin: u - rise * s, end: u + rise * (1 - s) };
}

function leastSquares(points) {
  let [n, s, o, ss, so] = [0, 0, 0, 0, 0];
  for (const { share, off } of points) {
    n += 1;
    s += share;
    o += off;
    ss += share * share;
    so += share * off;
  }
  const rise = (n * so - s * o) / (n * ss - s * s),
    begin = (o - rise * s) / n;
  return { begin, end: begin + rise };
}

function meeting([a, b], [c, d]) {
  const [px, py, qx, qy] = [b.x - a.x, b.y - a.y, d.x - c.x, d.y - c.y];
  const scale = px * qy - py * qx;
  const share = ((c.x - a.x) * qy - (c.y - a.y) * qx) / scale;
  return { x: a.x + px * share, y: a.y + py * share };
}

/* Corners in the order of reading: top left, top right, bottom right, bottom left. */
function inOrder(corners) {
  const first = corners.reduce((best, { x, y }, n) => (x + y < corners[best].x + corners[best].y ? n : best), 0);
  return [0, 1, 2, 3].map((n) => corners[(first + n) % 4]);
}

/* Find the paper in a small picture, and its corners in a larger one of the same view.

   Returns { corners, isTwo, isPart }: `corners` in pixels of the larger picture, or null; `isTwo`: another paper lies
   beside it; `isPart`: edges were seen, but no four that close. */
export function findPaper(small, large) {
  const { best, isTwo, lines } = bestShapes(smooth(small));
  if (!best) {
    const long = lines.filter(({ votes }) => votes > Math.min(small.width, small.height) * 0.5);
    const isPart = long.some((one) => long.some((other) => Math.abs(turned(one.angle, other.angle) - 90) < SQUARE));
    return { corners: null, isTwo: false, isPart };
  }
  const scale = large.width / small.width,
    rough = best.corners.map(({ x, y }) => ({ x: (x + 0.5) * scale - 0.5, y: (y + 0.5) * scale - 0.5 }));
  const reach = Math.ceil(2.5 * scale);
  const sides = rough.map((corner, n) => fittedSide(corner, rough[(n + 1) % 4], large, reach));
  const corners = inOrder(sides.map((side, n) => meeting(sides[(n + 3) % 4], side)));
  return { corners, isTwo, isPart: false };
}
