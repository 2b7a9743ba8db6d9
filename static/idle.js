/* Idle screen: a page without touches is covered, then wiped. A quiet page (start, done) is wiped without a question.
   While the visitor waits for an officer nothing is wiped: a form gets the server's cover, which opens for the same
   person; a page with a number stays; another page without a form leads to the start page, and the call goes on.

   The seconds are counted by the clock and not by ticks, so a slow machine gives the same time. */

const box = document.getElementById("idle");
const quiet = "quiet" in box.dataset;
const patience = Number(box.dataset.seconds) * 1000;
const warning = Number(box.dataset.warning);
const parts = [...document.body.children].filter((part) => part !== box && part.tagName !== "SCRIPT");
const words = box.querySelector("[data-left-words]");

/* Practice waits longer while an officer is called. */
const calledPatience = Number(box.dataset.calledSeconds ?? box.dataset.seconds) * 1000;
const isCalled = () => document.querySelector("#call[data-called]");

let quietSince = Date.now();
let coveredSince = 0;

function noteActivity() {
  if (!coveredSince) quietSince = Date.now();
}

function cover() {
  coveredSince = Date.now();
  for (const part of parts) part.inert = true;
  document.documentElement.classList.add("covered");
  box.hidden = false;
  box.querySelector("h2").focus();
  dispatchEvent(new Event("kiosk:idle"));
}

function uncover() {
  coveredSince = 0;
  quietSince = Date.now();
  for (const part of parts) part.inert = false;
  document.documentElement.classList.remove("covered");
  box.hidden = true;
}

function showSecondsLeft(left) {
  box.querySelector("[data-left]").textContent = left;
  words.textContent = words.dataset.leftWords.replace("#", left);
  box.querySelector(".left").setAttribute("stroke-dasharray", `${(100 * left) / warning} 100`);
}

function wipe() {
  clearInterval(ticking);
  const form = quiet ? box : box.querySelector("[data-end]");
  // The server ends an open call only for a person who leaves by a touch.
  form.elements.idle.value = "1";
  form.submit();
}

/* The form whose submission covers the screen at the server, while an officer is called. */
const serverCover = () => isCalled() && document.getElementById("cover");

function coverAtServer(form) {
  clearInterval(ticking);
  form.requestSubmit();
}

function tick() {
  const now = Date.now();
  if (!coveredSince && isCalled() && "staysCalled" in box.dataset) quietSince = now;
  if (!coveredSince) {
    if (now - quietSince < (isCalled() ? calledPatience : patience)) return;
    if (quiet) {
      wipe();
      return;
    }
    const form = serverCover();
    if (form) {
      coverAtServer(form);
      return;
    }
    cover();
  }
  const left = Math.ceil(warning - (now - coveredSince) / 1000);
  showSecondsLeft(Math.max(left, 0));
  if (left <= 0) wipe();
}

for (const kind of ["pointerdown", "keydown", "input", "scroll"])
  addEventListener(kind, noteActivity, { passive: true, capture: true });
addEventListener("kiosk:activity", () => (coveredSince ? uncover() : noteActivity()));
box.querySelector("[data-stay]")?.addEventListener("click", uncover);
const ticking = setInterval(tick, 500);
