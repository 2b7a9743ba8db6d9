/* Tablet of a counter: it asks the server every 2 seconds whether a service has ended, and shows the faces then.

   A page that nobody touches for some seconds counts as not answered. A service that ends while somebody is still
   choosing waits for its turn: the server names it for a minute. A text is written on a view of its own, with the
   keyboard of the touchscreen, and is empty for the next person. Nothing is stored in the browser. */

const EVERY = 2000,
  PATIENCE = 4000; // milliseconds: between two questions, until an answer counts as none
const TRIES = 20;
const find = (selector) => document.querySelector(selector);
const data = document.body.dataset;
const form = document.getElementById("answer");
const text = document.getElementById("text");
const parts = { asleep: ".tablet-sleep", asking: ".tablet-ask", writing: ".tablet-write", thanking: ".tablet-thanks" };
const LONG_NUMBER = /(?:\d[\s.-]?){8}\d/; // as records/opinions.py leaves it out
const FEW = 60; // characters left, from which their number is shown

let touchedAt = 0,
  answered = "";

function show(state) {
  data.state = state;
  for (const [name, selector] of Object.entries(parts)) find(selector).hidden = name !== state;
}

function ask({ ended, matter }) {
  form.reset();
  form.elements.ended.value = ended;
  find("[data-matter]").textContent = matter ? `${matter}.` : "";
  find("[data-no-face]").hidden = true;
  touchedAt = Date.now();
  showText();
  show("asking");
  find("h1").focus();
}

/* Show what is noted of the text: whether there is one, a number that is left out, the room that is left. */
function showText() {
  const isWritten = text.value.trim() !== "";
  for (const words of form.querySelectorAll("[data-when]"))
    words.hidden = (words.dataset.when === "written") !== isWritten;
  const hasNumber = LONG_NUMBER.test(text.value);
  find("[data-numbers]").hidden = !hasNumber;
  find("[data-no-names]").hidden = hasNumber;
  const left = find("[data-left]"),
    room = text.maxLength - text.value.length;
  left.textContent = room <= FEW ? left.dataset.words.replace("#", room) : "";
}

const patience = () => Number(data.state === "writing" ? data.writingSeconds : data.idleSeconds) * 1000;

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/* Send an answer; the server counts it once, so it is sent again when no answer comes back. */
async function send(values) {
  answered = values.get("ended");
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    try {
      const signal = AbortSignal.timeout(PATIENCE);
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(values), signal });
      if (answer.ok) return;
    } catch {
      // The server is away.
    }
    await pause(EVERY);
  }
}

function skip() {
  const values = new FormData(form);
  for (const name of ["face", "word", "text"]) values.delete(name);
  values.set("skip", "1");
  show("asleep");
  return send(values);
}

async function poll() {
  try {
    const answer = await fetch(data.now, { signal: AbortSignal.timeout(PATIENCE), cache: "no-store" });
    // A tablet that was revoked asks for its page again, which says so; one of an older release does too.
    if (answer.status === 403) location.reload();
    const service = answer.ok ? await answer.json() : { ended: "" };
    if (service.version && service.version !== data.version) location.reload();
    else if (service.ended && service.ended !== answered && data.state === "asleep") ask(service);
  } catch {
    // The server is away; the next turn asks again.
  }
}

async function tick() {
  if (data.state === "asleep") await poll();
  else if (data.state !== "thanking" && Date.now() - touchedAt >= patience()) skip();
  setTimeout(tick, data.state === "asleep" ? EVERY : EVERY / 4);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (data.state !== "asking" && data.state !== "writing") return;
  const values = new FormData(form);
  find("[data-no-face]").hidden = values.has("face");
  if (!values.has("face")) return;
  text.blur();
  show("thanking");
  send(values);
  await pause(Number(data.thanksSeconds) * 1000);
  show("asleep");
});
find("[data-skip]").addEventListener("click", skip);
find("[data-write]").addEventListener("click", () => {
  const isChosen = new FormData(form).has("face");
  find("[data-no-face]").hidden = isChosen;
  if (!isChosen) return;
  show("writing");
  text.focus();
});
find("[data-faces]").addEventListener("click", () => {
  text.blur();
  show("asking");
});
text.addEventListener("input", showText);
form.addEventListener("change", () => {
  find("[data-no-face]").hidden = true;
});
for (const kind of ["pointerdown", "keydown", "input"])
  addEventListener(
    kind,
    () => {
      touchedAt = Date.now();
    },
    { passive: true, capture: true },
  );
addEventListener("contextmenu", (event) => event.preventDefault());
tick();
