/* Crop of a picture in a dialog: by pointer, or by keys at the corners and at the whole frame. */

import { find, findAll } from "./page.js";
import { draw, turn, WHOLE } from "./picture.js";

const STEP = 0.01,
  LARGE_STEP = 0.05,
  LEAST = 0.05;
const LONG_EDGE = 1600;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const clamp = (value, least, most) => Math.min(most, Math.max(least, value));

/* Move one side, or all, by shares of the picture; the frame stays inside it and keeps a least size. */
function moved(crop, handle, across, down) {
  if (handle === "move") {
    const x = clamp(across, -crop.left, 1 - crop.right),
      y = clamp(down, -crop.top, 1 - crop.bottom);
    return { left: crop.left + x, top: crop.top + y, right: crop.right + x, bottom: crop.bottom + y };
  }
  const next = { ...crop };
  if (handle.includes("left")) next.left = clamp(crop.left + across, 0, crop.right - LEAST);
  if (handle.includes("right")) next.right = clamp(crop.right + across, crop.left + LEAST, 1);
  if (handle.includes("top")) next.top = clamp(crop.top + down, 0, crop.bottom - LEAST);
  if (handle.includes("bottom")) next.bottom = clamp(crop.bottom + down, crop.top + LEAST, 1);
  return next;
}

/* Ask for the part of a picture that is kept; resolve to the edit, or to null when the officer gives up. */
export function crop(dialog, picture, edit) {
  const canvas = find("canvas", dialog),
    frame = find("[data-frame]", dialog),
    said = find("[data-crop-said]", dialog);
  const controller = new AbortController();
  let now = edit,
    isDone = false;

  function show(isTurned) {
    if (isTurned) draw(picture, { turns: now.turns, crop: WHOLE }, LONG_EDGE, canvas);
    const { left, top, right, bottom } = now.crop;
    const percent = (share) => `${share * 100}%`;
    Object.assign(frame.style, {
      left: percent(left),
      top: percent(top),
      width: percent(right - left),
      height: percent(bottom - top),
    });
    const words = (share) => `${Math.round(share * 100)}%`;
    said.textContent = `Giữ ${words(right - left)} chiều rộng, ${words(bottom - top)} chiều cao.`;
  }

  function set(changed, isTurned = false) {
    now = changed;
    show(isTurned);
  }

  function onKey(event) {
    const handle = event.target.dataset?.handle;
    if (!handle || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Enter") {
      event.preventDefault();
      finish();
    }
    const arrow = ARROWS[event.key];
    if (!arrow) return;
    event.preventDefault();
    const step = event.shiftKey ? LARGE_STEP : STEP;
    set({ ...now, crop: moved(now.crop, handle, arrow[0] * step, arrow[1] * step) });
  }

  function onGrab(event) {
    const handle = event.target.dataset?.handle;
    if (!handle || event.button) return;
    event.preventDefault();
    event.target.focus();
    event.target.setPointerCapture(event.pointerId);
    const begin = now.crop,
      box = canvas.getBoundingClientRect();
    event.target.onpointermove = ({ clientX, clientY }) =>
      set({
        ...now,
        crop: moved(begin, handle, (clientX - event.clientX) / box.width, (clientY - event.clientY) / box.height),
      });
    event.target.onlostpointercapture = () => {
      event.target.onpointermove = null;
    };
  }

  function finish() {
    isDone = true;
    dialog.close();
  }

  const on = (target, kind, act) => target.addEventListener(kind, act, { signal: controller.signal });
  show(true);
  on(dialog, "keydown", onKey);
  on(frame, "pointerdown", onGrab);
  on(find("[data-crop-done]", dialog), "click", finish);
  on(find("[data-crop-turn]", dialog), "click", () => set(turn(now, 1), true));
  on(find("[data-crop-whole]", dialog), "click", () => set({ ...now, crop: WHOLE }));
  on(find("[data-crop-cancel]", dialog), "click", () => dialog.close());
  dialog.showModal();
  findAll("[data-handle]", dialog)[1].focus();
  return new Promise((done) => {
    on(dialog, "close", () => {
      controller.abort();
      done(isDone ? now : null);
    });
  });
}
