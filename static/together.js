/* A draft that a desk has opened: whose turn it is, the desk's question for it, and what each side types.

   The server is asked every 0.6 s while the draft is shared or an officer is called, else every 1.5 s. The boxes are
   stored while the citizen types, and go along when the citizen gives the turn to the desk. */

const TOGETHER = 600,
  ALONE = 1500,
  TYPED = 300,
  SILENT = 5000;
const body = document.body;
const panel = document.getElementById("turn");
const answer = document.querySelector("form#answer[data-live]");
const theirs = body.dataset.turn === "theirs";
/* The page shows what was not stored, and stays until it is read. */
const isLost = body.dataset.turn === "lost";
let shared = theirs,
  version = "",
  askNo = 0,
  isGranted = false,
  acts = 0,
  ended = 0,
  leaving = false,
  answeredAt = Date.now();

/* A notice of the panel; they come with the first answer of a draft that a desk has opened. */
const notice = (name) => document.getElementById(`turn-${name}`);
const hasNotices = () => panel.childElementCount > 0;

const isCalled = () => document.querySelector("#call[data-called]") !== null;

function boxes() {
  const posted = new URLSearchParams();
  if (answer) for (const [name, value] of new FormData(answer)) if (typeof value === "string") posted.set(name, value);
  posted.set("csrf", document.querySelector("input[name=csrf]").value);
  posted.set("page", panel.dataset.page);
  return posted;
}

async function post(address, posted) {
  const headers = { Accept: "application/json" };
  const response = await fetch(address, { method: "POST", body: posted, headers, cache: "no-store" });
  return response.ok ? response.json() : null;
}

// A touch that leaves the page wins: to go elsewhere would cancel it, and the person would have to touch again.
addEventListener("beforeunload", () => {
  leaving = true;
});

function leaveFor(address) {
  if (leaving) return;
  leaving = true;
  location.replace(address);
}

async function act(name) {
  const posted = boxes();
  posted.set("ask", askNo);
  notice("ask").hidden = true;
  // The boxes go along with the turn: stored after it, they would count as too late.
  isGranted = name === "grant";
  if (isGranted) clearTimeout(waiting);
  acts += 1;
  try {
    const state = await post(panel.dataset.act.replace("ACT", name), posted);
    if (state && state.mine === theirs) leaveFor(state.go);
  } finally {
    ended += 1;
    if (isGranted && !leaving) {
      isGranted = false;
      storeSoon("");
    }
  }
}

// The server is away for a moment: the page stays, and the next poll shows the question again.
const waitForPoll = () => undefined;

function showQuestion(ask, officer) {
  askNo = ask?.no ?? 0;
  if (ask?.granted) {
    act("grant").catch(waitForPoll);
    return;
  }
  const question = notice("ask");
  question.hidden = !ask;
  if (ask) question.querySelector("[data-words]").textContent = words(question, officer);
}

const words = (part, officer) => part.querySelector("[data-words]").dataset.words.replace("#", officer);

function show(state) {
  if (state.go) {
    leaveFor(state.go);
    return;
  }
  if (isLost) return;
  if (state.notices) panel.innerHTML = state.notices;
  const wasShared = shared;
  shared = state.shared;
  if (state.mine === theirs) {
    // What was typed while the server was away is in no draft; the page for a post that is too late shows it.
    if (isTyped && !isGranted) answer.requestSubmit();
    else leaveFor(panel.dataset.together);
    return;
  }
  if (state.html) {
    document.getElementById("together").innerHTML = state.html;
    version = state.version;
  }
  if (theirs && state.step !== body.dataset.step) {
    location.reload();
    return;
  }
  if (!hasNotices()) return;
  notice("away").hidden = !state.silent;
  if (theirs) {
    if (state.silent) act("take").catch(waitForPoll);
    return;
  }
  // What was typed before the first answer came is still to be stored.
  if (shared && !wasShared && isTyped) storeSoon("");
  const watch = notice("watch");
  watch.hidden = !shared || state.silent;
  if (shared) watch.querySelector("[data-words]").textContent = words(watch, state.officer);
  showQuestion(state.ask, state.officer);
}

async function poll() {
  const before = acts + ended;
  try {
    const query = new URLSearchParams({
      seen: version,
      page: panel.dataset.page,
      notices: hasNotices() ? "1" : "",
    });
    const response = await fetch(`${panel.dataset.state}?${query}`, { cache: "no-store" });
    const state = response.ok && !response.redirected ? await response.json() : null;
    if (leaving) return;
    if (response.redirected) location.reload();
    else if (state) {
      answeredAt = Date.now();
      // An answer from before or during a touch would ask again what is being answered.
      if (before === acts + ended && acts === ended) show(state);
    }
  } catch {
    // The server is away for a moment: the next turn asks again.
  }
  if (shared && Date.now() - answeredAt > SILENT) notice("away").hidden = false;
  if (!leaving) setTimeout(poll, shared || isCalled() ? TOGETHER : ALONE);
}

/* ---- what the citizen types ---- */

const isChanged = (field) => "defaultValue" in field && field.type !== "hidden" && field.value !== field.defaultValue;
let waiting,
  isTyped = answer !== null && [...answer.elements].some(isChanged);

function storeSoon(focus, delay = TYPED) {
  clearTimeout(waiting);
  waiting = setTimeout(() => isTyped && storeBoxes(focus), delay);
}

async function storeBoxes(focus) {
  isTyped = false;
  const posted = boxes();
  posted.set("focus", focus);
  const state = await post(answer.dataset.live, posted).catch(() => null);
  // The desk has taken over meanwhile: the page that says so shows what was typed here.
  if (state?.lost && !isGranted) answer.requestSubmit();
  // What was typed meanwhile is stored at its own time.
  if (state || isTyped) return;
  // The server is away for a moment.
  isTyped = true;
  storeSoon(focus, ALONE);
}

answer?.addEventListener("input", (event) => {
  isTyped = true;
  if (shared || isCalled()) storeSoon(event.target.name ?? "");
});

if (panel) {
  panel.addEventListener("click", (event) => {
    const name = event.target.closest("[data-turn-act]")?.dataset.turnAct;
    if (!name) return;
    event.preventDefault();
    act(name).catch(waitForPoll);
  });
  document.querySelector("form[data-take]")?.addEventListener("submit", (event) => {
    event.preventDefault();
    act("take").catch(waitForPoll);
  });
  poll();
}
