/* Paper camera of the touchscreen: shows the picture and the paper's edges, takes the page by itself when it lies
   still, is sharp and has no glare, and sends what is within the edges; nothing else leaves the page.

   One sentence says what is wrong. A touch on "Chụp ngay" takes the page as it is; without found edges it takes what
   lies in the drawn frame. */

import { madeUpPaper } from "./paper_camera/made_up.js";

const LOOK_WIDTH = 640,
  PAUSE = 80, // ms between two looks
  STILL = 600,
  SENTENCE = 1200, // ms that a sentence stays
  PATIENCE = 12000, // ms until the button offers the picture as it is
  OPENING = 10000,
  MOVED = 0.012, // of the paper's width
  CHANGED = 0.08,
  MOST_TAKES = 3, // of a paper that nobody moves
  TILT = 18, // degrees
  SMALL = 0.12, // of the picture
  SMALL_CARD = 0.03,
  EDGE = 0.004,
  QUALITY = 0.9;
const box = document.querySelector(".paper-camera"),
  form = box.querySelector("form"),
  view = box.querySelector("[data-view]"),
  shooter = box.querySelector("[data-shoot]");
const said = [...form.querySelectorAll("[data-say]")];
const glance = document.createElement("canvas");

let source = null,
  corners = null,
  shown = "opening",
  shownAt = 0,
  stillSince = 0,
  still = null,
  isArmed = !("waits" in box.dataset) || "practice" in box.dataset, // made-up paper is always another one
  isTaking = false,
  isOver = false,
  first = null,
  misses = 0,
  takes = 0,
  held = "";
const begun = performance.now();

/* ---- one sentence at a time ---- */

/* While nobody has moved the paper that was not taken, the reason stands in place of "waits". */
function say(state, words = "") {
  const now = performance.now();
  if (state === "waits" && held) state = held;
  if (state === shown && !words) return;
  const isUrgent = state === held || ["good", "taken", "lost", "none"].includes(state);
  if (now - shownAt < SENTENCE && !isUrgent) return;
  shown = state;
  shownAt = now;
  for (const line of said) line.hidden = line.dataset.say !== state;
  const line = said.find((one) => one.dataset.say === state);
  if (words) line.querySelector("span").textContent = words;
  dispatchEvent(new CustomEvent("kiosk:said", { detail: line }));
}

/* ---- the picture ---- */

async function openCamera() {
  const video = Object.assign(document.createElement("video"), { muted: true, playsInline: true });
  const late = new Promise((_done, fail) => setTimeout(fail, OPENING));
  const asked = navigator.mediaDevices.getUserMedia({
    video: { width: { ideal: 2560 }, height: { ideal: 1920 }, facingMode: { ideal: "environment" } },
  });
  const stream = await Promise.race([asked, late]);
  video.srcObject = stream;
  await Promise.race([video.play(), late]);
  const [track] = stream.getVideoTracks();
  track.addEventListener("ended", () => end("lost"));
  return {
    get width() {
      return video.videoWidth;
    },
    get height() {
      return video.videoHeight;
    },
    draw: (pen, wide, high) => pen.drawImage(video, 0, 0, wide, high),
    stop: () => track.stop(),
  };
}

function pixels(canvas, width, height) {
  Object.assign(canvas, { width, height });
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  source.draw(pen, width, height);
  const { data } = pen.getImageData(0, 0, width, height);
  return { data, width, height };
}

/* The frame in which a page is taken where no edges are found: A4 upright, in the middle. */
function middleFrame() {
  const high = source.height * 0.92,
    wide = Math.min(source.width * 0.92, high / Math.SQRT2),
    tall = wide * Math.SQRT2;
  const [x, y] = [(source.width - wide) / 2, (source.height - tall) / 2];
  return [
    { x, y },
    { x: x + wide, y },
    { x: x + wide, y: y + tall },
    { x, y: y + tall },
  ];
}

function drawView() {
  if (isOver) return;
  const scale = Math.min(1, 1280 / source.width),
    [width, height] = [Math.round(source.width * scale), Math.round(source.height * scale)];
  if (view.width !== width || view.height !== height) Object.assign(view, { width, height });
  const pen = view.getContext("2d");
  source.draw(pen, width, height);
  const frame = (corners ?? middleFrame()).map(({ x, y }) => [x * scale, y * scale]);
  const isGood = corners && ["moving", "good", "taken"].includes(shown);
  const outline = new Path2D();
  for (const [x, y] of frame) outline.lineTo(x, y);
  outline.closePath();
  const outside = new Path2D();
  outside.rect(0, 0, width, height);
  outside.addPath(outline);
  pen.fillStyle = "rgb(40 28 52 / 55%)";
  pen.fill(outside, "evenodd");
  pen.lineJoin = "round";
  pen.setLineDash([]);
  pen.lineWidth = width / 110;
  pen.strokeStyle = "#fff";
  pen.stroke(outline);
  pen.lineWidth = width / 170;
  pen.strokeStyle = isGood ? "#1aa260" : "#e0a100";
  if (!isGood) pen.setLineDash([width / 50, width / 90]);
  pen.stroke(outline);
  pen.setLineDash([]);
  pen.lineWidth = width / 80;
  for (let n = 0; n < 4 && corners; n += 1) drawCorner(pen, frame[n], frame[(n + 1) % 4], frame[(n + 3) % 4]);
  if (shown === "good") drawRing(pen, width, height);
  requestAnimationFrame(drawView);
}

function drawCorner(pen, [x, y], ...others) {
  for (const [toX, toY] of others) {
    pen.beginPath();
    pen.moveTo(x, y);
    pen.lineTo(x + (toX - x) * 0.1, y + (toY - y) * 0.1);
    pen.stroke();
  }
}

/* The ring fills while the paper lies still. */
function drawRing(pen, width, height) {
  const share = Math.min(1, (performance.now() - stillSince) / STILL),
    edge = height / 14;
  pen.lineWidth = edge / 3;
  for (const [colour, until] of [
    ["#fff", 1],
    ["#1aa260", share],
  ]) {
    pen.strokeStyle = colour;
    pen.beginPath();
    pen.arc(width - 1.6 * edge, height - 1.6 * edge, edge, -Math.PI / 2, -Math.PI / 2 + until * 2 * Math.PI);
    pen.stroke();
  }
}

/* ---- looking ---- */

const worker = new Worker(box.dataset.worker, { type: "module" });
let answered = Promise.resolve();

/* Ask the worker one question after the other. */
function ask(question) {
  const answer = answered.then(
    () =>
      new Promise((done, fail) => {
        worker.onmessage = ({ data }) => done(data);
        worker.onerror = fail;
        worker.postMessage(question);
      }),
  );
  answered = answer;
  return answer;
}

async function look() {
  const height = 2 * Math.round((LOOK_WIDTH * source.height) / source.width / 2);
  const found = await ask({ kind: "look", picture: pixels(glance, LOOK_WIDTH, height) });
  const scale = source.width / LOOK_WIDTH;
  corners = found.corners?.map(({ x, y }) => ({ x: (x + 0.5) * scale - 0.5, y: (y + 0.5) * scale - 0.5 })) ?? null;
  noteChange();
  return stateOf(found);
}

const far = (one, other) => Math.hypot(one.x - other.x, one.y - other.y);
const widthOf = ([topLeft, topRight]) => far(topLeft, topRight);
const movedBy = (before, now) => Math.max(...before.map((corner, n) => far(corner, now[n]))) / widthOf(before);

/* The paper that was taken may still lie there: the next page is taken only after something has changed. A hand that
   moves paper is a person who is there; a picture that trembles is not. */
function noteChange() {
  misses = corners ? 0 : misses + 1;
  first ??= corners;
  const isMoved = first && corners && movedBy(first, corners) > CHANGED;
  if (isMoved) {
    first = corners;
    dispatchEvent(new Event("kiosk:activity"));
  }
  if (!isMoved && misses < 2) return;
  isArmed = true;
  takes = 0;
  held = "";
}

/* Say why a page was not taken; a picture that was blurred may be sharp a moment later, so it is tried again. */
function hold(state, words = "", isFinal = false) {
  held = state;
  say(state, words);
  takes += 1;
  if (isFinal || takes >= MOST_TAKES) {
    isArmed = false;
    first = null;
  }
  still = null;
  isTaking = false;
  shooter.disabled = false;
}

const angleOf = (from, to) => (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI;

function isTilted([topLeft, topRight, bottomRight, bottomLeft]) {
  const slants = [
    angleOf(topLeft, topRight),
    angleOf(bottomLeft, bottomRight),
    angleOf(topLeft, bottomLeft) - 90,
    angleOf(topRight, bottomRight) - 90,
  ];
  return slants.some((slant) => Math.abs(slant) > TILT);
}

function areaOf(points) {
  return points.reduce((sum, { x, y }, n) => sum + x * points[(n + 1) % 4].y - points[(n + 1) % 4].x * y, 0) / 2;
}

function stateOf({ isTwo, isPart, flaw, isCard }) {
  if (!corners) return isPart ? "part" : "empty";
  const { width, height } = source;
  const isInside = ({ x, y }) =>
    x > EDGE * width && y > EDGE * height && x < (1 - EDGE) * width && y < (1 - EDGE) * height;
  if (!corners.every(isInside)) return "part";
  if (flaw) return flaw;
  if (isTwo) return "two";
  if (isTilted(corners)) return "tilted";
  if (areaOf(corners) < (isCard ? SMALL_CARD : SMALL) * width * height) return "small";
  return isArmed ? "fine" : "waits";
}

async function watch() {
  while (!isOver) {
    if (!isTaking) await lookOnce();
    await new Promise((done) => setTimeout(done, PAUSE));
  }
}

async function lookOnce() {
  const state = await look();
  if (isOver || isTaking) return;
  const now = performance.now();
  if (state !== "fine") {
    still = null;
    say(state);
  } else if (!still || movedBy(still, corners) > MOVED) {
    still = corners;
    stillSince = now;
    say("moving");
  } else if (now - stillSince < STILL) say("good");
  else await take(corners, false);
  if (now - begun > PATIENCE && !shooter.disabled) showAnyway();
}

function showAnyway() {
  shooter.querySelector("span").textContent = shooter.dataset.anyway;
}

/* ---- taking ---- */

async function take(frame, isAnyway) {
  isTaking = true;
  shooter.disabled = true;
  const canvas = document.createElement("canvas");
  const { page, flaw } = await ask({
    kind: "take",
    picture: pixels(canvas, source.width, source.height),
    corners: frame,
  });
  if (flaw && !isAnyway) return hold(flaw);
  say("taken");
  return send(page);
}

async function send({ data, width, height }) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  canvas.getContext("2d").putImageData(new ImageData(data, width, height), 0, 0);
  const picture = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  const body = new FormData(form);
  body.append("file", picture, "page.jpg");
  let answer;
  try {
    answer = await fetch(form.action, { method: "POST", body });
  } catch {
    return hold("unsent");
  }
  // The form is gone, or a desk has it: the list leads to what there is now.
  if (!answer.headers.get("content-type")?.startsWith("application/json")) return location.replace(box.dataset.list);
  const { go, say: words } = await answer.json();
  if (go) {
    end();
    return location.replace(go);
  }
  return hold("refused", words, true);
}

function end(state) {
  if (isOver) return;
  isOver = true;
  source?.stop();
  worker.terminate();
  shooter.disabled = true;
  if (state) say(state);
}

async function begin() {
  const { practice } = box.dataset;
  try {
    source = practice ? madeUpPaper(practice) : await openCamera();
  } catch {
    return end("none");
  }
  shooter.disabled = false;
  shooter.addEventListener("click", () => !isTaking && take(corners ?? middleFrame(), true));
  drawView();
  return watch().catch(() => end("none"));
}

addEventListener("pagehide", () => end());
begin();
