/* The board: asks once a second what is called, shows it, and says each call with the picture that belongs to it.

   What it has said it knows by the number of the event, which only grows: a reload, a server that was away or a second
   answer says nothing twice. A call is said as long as its number still stands at the counter as called; one that has
   been answered, or called again, meanwhile is not. */

import { isOn, open, say, wake } from "./voice.js";

const EVERY = 1000,
  PATIENCE = 4000; // milliseconds: between two questions, until an answer counts as none
const MISSED = 2; // answers in a row, until the board says that it hears nothing
const ROWS = 5;

const find = (selector) => document.querySelector(selector);
const data = document.body.dataset;

let picture = { version: "", newest: 0, calls: [], last: [], here: null, waiting: [] };
let said = null; // the newest call that was said; null before the first answer
let saying = null;
let missed = 0;

async function ask() {
  const address = new URL(data.now, location.href);
  address.searchParams.set("version", picture.version);
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE), cache: "no-store" });
    if (!answer.ok) throw new Error(answer.status);
    take(await answer.json());
    missed = 0;
  } catch {
    missed += 1;
  }
  away(missed >= MISSED);
  setTimeout(ask, EVERY);
}

function take(now) {
  find("time").textContent = now.time;
  if (now.version === picture.version) return;
  picture = now;
  // A board that was just switched on, or whose store was put back from a copy, begins in silence.
  if (said === null || now.newest < said) said = now.newest;
  draw();
  next();
}

async function next() {
  if (saying) return;
  while ((saying = picture.calls.find((call) => call.seq > said) ?? null)) {
    said = saying.seq;
    data.saying = saying.label;
    draw();
    await say(saying.clips);
  }
  delete data.saying;
  draw();
}

function draw() {
  const shown = saying ?? picture.here ?? picture.last[0] ?? null;
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
  find(".last ol").replaceChildren(...others.slice(0, ROWS).map(row));
  // By name where the line has room for it, else by the letter that stands on the ticket.
  const line = find(".waiting");
  for (const words of picture.waiting) {
    line.textContent = words;
    if (line.scrollWidth <= line.clientWidth) break;
  }
}

function row(one) {
  const item = document.createElement("li"),
    label = document.createElement("b"),
    counter = document.createElement("span");
  label.textContent = one.label;
  counter.textContent = `Quầy ${one.counter}`;
  item.append(label, counter);
  return item;
}

function away(isAway) {
  find(".away").hidden = !isAway;
  if (isAway) data.away = "";
  else delete data.away;
}

function listen() {
  find(".wake").hidden = isOn();
  if (isOn()) delete data.silent;
  else data.silent = "";
}

open(listen);
listen();
addEventListener("pointerdown", wake);
addEventListener("keydown", wake);
ask();
