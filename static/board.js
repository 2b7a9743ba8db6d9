/* Board on the wall: asks once a second what is called, shows it, and announces each call while its number is shown.

   It knows what was announced by the number of the event, which only grows: after a reload, a lost server or a repeated
   answer nothing is announced twice. A call is announced while its number is called at the counter; one that was
   answered, or called again, meanwhile is not. */

import { isOn, openSound, playCall, resumeSound } from "./voice.js";

const EVERY = 1000,
  PATIENCE = 4000; // milliseconds: between two questions, until an answer counts as none
const MISSED = 2; // failed answers in a row, until the board shows that it is disconnected
const ROWS = 5;

const find = (selector) => document.querySelector(selector);
const data = document.body.dataset;

let picture = { version: "", newest: 0, calls: [], last: [], here: null, waiting: [] };
let announced = null; // number of the newest announced call; null before the first answer
let current = null;
let missed = 0;

async function poll() {
  const address = new URL(data.now, location.href);
  address.searchParams.set("version", picture.version);
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE), cache: "no-store" });
    if (!answer.ok) throw new Error(answer.status);
    applyPicture(await answer.json());
    missed = 0;
  } catch {
    missed += 1;
  }
  showConnection(missed >= MISSED);
  setTimeout(poll, EVERY);
}

function applyPicture(now) {
  find("time").textContent = now.time;
  if (now.version === picture.version) return;
  picture = now;
  // A board that was just switched on, or whose store was restored from a backup, announces no old call.
  if (announced === null || now.newest < announced) announced = now.newest;
  draw();
  announceCalls();
}

const nextCall = () => picture.calls.find((call) => call.seq > announced) ?? null;

async function announceCalls() {
  if (current) return;
  for (current = nextCall(); current; current = nextCall()) {
    announced = current.seq;
    data.saying = current.label;
    draw();
    await playCall(current.clips);
  }
  delete data.saying;
  draw();
}

function draw() {
  const shown = current ?? picture.here ?? picture.last[0] ?? null;
  const called = shown?.label ? shown : null;
  for (const [selector, words] of [
    [".number", called?.label],
    [".to", called && `Quầy ${called.counter}`],
  ]) {
    find(selector).hidden = !called;
    (find(`${selector} b`) ?? find(selector)).textContent = words ?? "";
  }
  find(".idle").hidden = Boolean(called);
  find(".idle").textContent = shown?.idle ?? "Xin chờ gọi số";
  const others = picture.last.filter((one) => one.label !== called?.label || one.counter !== called.counter);
  find(".last ol").replaceChildren(...others.slice(0, ROWS).map(listItem));
  // By name if the line has room for it, else by the letter on the ticket.
  const line = find(".waiting");
  for (const words of picture.waiting) {
    line.textContent = words;
    if (line.scrollWidth <= line.clientWidth) break;
  }
}

function listItem(one) {
  const item = document.createElement("li"),
    label = document.createElement("b"),
    counter = document.createElement("span");
  label.textContent = one.label;
  counter.textContent = `Quầy ${one.counter}`;
  item.append(label, counter);
  return item;
}

function showConnection(isAway) {
  find(".away").hidden = !isAway;
  if (isAway) data.away = "";
  else delete data.away;
}

function showSound() {
  find(".wake").hidden = isOn();
  if (isOn()) delete data.silent;
  else data.silent = "";
}

openSound(showSound);
showSound();
addEventListener("pointerdown", resumeSound);
addEventListener("keydown", resumeSound);
poll();
