/* Board on the wall: asks once a second what is called, shows it, and announces each call while its number is shown.

   After a reload, a lost server or a repeated answer nothing is announced twice. A call is announced while its number
   is called at the counter; one that was answered, or called again, meanwhile is not. */

import { endsEarly, nextAnnouncement, noteNewest } from "./announcements.js";
import { isOn, openSound, playCall, resumeSound } from "./voice.js";

const EVERY = 1000,
  PATIENCE = 4000; // milliseconds: between two questions, until an answer counts as none
const MISSED = 2; // failed answers in a row, until the board shows that it is disconnected
const ROWS = 5,
  ONE_COLUMN = 8,
  MOST = 30; // rows: at least, in one column, at most

const find = (selector) => document.querySelector(selector);
const data = document.body.dataset;

let picture = { version: "", newest: 0, calls: [], last: [], here: null, waiting: [], notices: [], ending: "" };
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
  noteNewest(now.newest);
  draw();
  announceCalls();
}

async function announceCalls() {
  if (current) return;
  for (let next = nextAnnouncement(picture.calls); next; next = nextAnnouncement(picture.calls)) {
    current = next.call;
    data.saying = current.label;
    draw();
    await playCall(next, () => endsEarly(next.call, picture.calls));
  }
  current = null;
  delete data.saying;
  draw();
}

function draw() {
  const shown = current ?? picture.here ?? picture.last[0] ?? null;
  const called = shown?.label ? shown : null;
  for (const [selector, words] of [
    [".number", called?.label],
    [".to", called && `Quầy ${called.counter}`],
    [".name", called?.name],
  ]) {
    find(selector).hidden = !words;
    (find(`${selector} b`) ?? find(selector)).textContent = words ?? "";
  }
  find(".idle").hidden = Boolean(called);
  find(".idle").textContent = shown?.idle ?? "Xin chờ gọi số";
  const others = picture.last.filter((one) => one.label !== called?.label);
  const room = Math.max(ROWS, others.filter((one) => one.is_here).length);
  const rows = others.slice(0, Math.min(room, MOST));
  find(".last ol").replaceChildren(...rows.map(listItem));
  const isWide = rows.length > ONE_COLUMN;
  find("main").style.setProperty("--rows", Math.max(ROWS, isWide ? Math.ceil(rows.length / 2) : rows.length));
  find("main").toggleAttribute("data-wide", isWide);
  find(".notices").replaceChildren(...picture.notices.map(noticeItem));
  find(".ending").hidden = !picture.ending;
  find(".ending").textContent = picture.ending;
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
  if (one.name) counter.append(Object.assign(document.createElement("small"), { textContent: one.name }));
  item.append(label, counter);
  return item;
}

const noticeItem = (words) => Object.assign(document.createElement("p"), { textContent: words });

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
