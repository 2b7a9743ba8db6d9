/* What every citizen page does beside being shown: small helps, none of which the page cannot do without.

   Addresses come from data attributes, words from the page. Nothing is stored: the next person finds nothing. */

const find = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const root = document.documentElement;

// A page out of the browser's memory may be another person's: it is never shown.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
addEventListener("contextmenu", (event) => event.preventDefault());

// What asks for a place lays the whole page out: it waits until the page has been painted.
const onceShown = (act) => requestAnimationFrame(() => setTimeout(act));
const parsed = (html) => new DOMParser().parseFromString(html, "text/html");

/* ---- "Xem tiếp" until the end has been seen ---- */

let seen = false;
let confirmFrom = 0;

function look() {
  const more = find("[data-see-more]");
  if (!more) return;
  seen ||= root.scrollHeight - innerHeight - scrollY <= 8;
  if (more.hidden === seen) return;
  more.hidden = seen;
  more.parentElement.classList.toggle("unseen", !seen);
  // The finger that asked for more must not confirm what has just come into sight.
  if (seen) confirmFrom = performance.now() + 400;
}

function seeMore() {
  const bare = innerHeight - find(".low").offsetHeight;
  scrollBy(0, Math.max(bare * 0.8, 80));
}

// Even asking whether the font is there lays the page out.
onceShown(() =>
  document.fonts.ready.then(() => {
    look();
    addEventListener("scroll", look, { passive: true });
    addEventListener("resize", look);
    const low = find(".low");
    new ResizeObserver(() => {
      root.style.scrollPaddingBottom = `${low.offsetHeight + 12}px`;
    }).observe(low);
  }),
);

/* ---- plus and minus (what belongs to typing is in keyboard.js) ---- */

function put(field, value) {
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function count(button) {
  const box = button.closest("[data-count]");
  const field = find("input", box);
  const next = (parseInt(field.value, 10) || 0) + Number(button.dataset.by);
  put(field, String(Math.min(Math.max(next, Number(box.dataset.low)), Number(box.dataset.high))));
}

/* ---- asking the server without leaving the page ---- */

let asked;

async function ask(address, options) {
  asked?.abort();
  asked = new AbortController();
  try {
    const answer = await fetch(address, { ...options, signal: asked.signal });
    return answer.ok ? await answer.text() : null;
  } catch (fault) {
    if (fault.name === "AbortError" || fault instanceof TypeError) return null;
    throw fault;
  }
}

const waits = new WeakMap();
function soon(element, milliseconds, act) {
  clearTimeout(waits.get(element));
  waits.set(element, setTimeout(act, milliseconds));
}

// A finger on its way means the row that stood there: nobody touches on purpose what has just come into sight.
const GLANCE = 300; // ms

async function liveRows(field) {
  const html = await ask(`${field.dataset.liveRows}?${new URLSearchParams({ q: field.value })}`);
  if (html === null) return;
  const rows = document.getElementById(field.dataset.rows);
  rows.innerHTML = html;
  rows.classList.add("fresh");
  soon(rows, GLANCE, () => rows.classList.remove("fresh"));
}

async function sayBack(form) {
  const html = await ask(form.dataset.say, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  if (html === null) return;
  for (const stale of all(".said-back", form)) stale.remove();
  find("#said").innerHTML = html;
  // What was said must not push the field under the keyboard.
  document.activeElement?.closest(".date, .q")?.scrollIntoView({ block: "nearest" });
}

async function newSituation(form) {
  const answers = new URLSearchParams(new FormData(form));
  answers.delete("csrf");
  const html = await ask(`${form.dataset.ask}?${answers}`);
  if (html === null) return;
  const page = parsed(html);
  for (const part of all("[data-swap]")) {
    const fresh = page.getElementById(part.id);
    if (fresh) part.replaceWith(document.adoptNode(fresh));
  }
  look();
}

async function refresh(address) {
  const html = await ask(address);
  if (html === null) return;
  const page = parsed(html);
  const copy = (selector, property) =>
    all(selector, page).forEach((fresh, n) => {
      const old = all(selector)[n];
      if (old && old[property] !== fresh[property]) old[property] = fresh[property];
    });
  copy("[data-live]", "textContent");
  copy("input[name=csrf]", "value");
}

/* ---- calling the officer: what is being typed stays ---- */

async function callOfficer(form, button) {
  const body = new URLSearchParams(new FormData(form, button));
  const coming = button.ariaPressed !== "true";
  button.ariaPressed = String(coming);
  const words = find("b", button) ?? find("span", button);
  words.textContent = coming ? button.dataset.on : button.dataset.off;
  button.value = coming ? "0" : "1";
  try {
    await fetch(form.action, { method: "POST", body, redirect: "manual" });
  } catch {
    form.submit();
  }
}

/* ---- sheets: "Dễ đọc hơn" and "Kết thúc" over the page ---- */

const under = () => all("body > header, body > main, .dock, .keyboard");

function closeSheet() {
  const sheet = find(".scrim");
  if (!sheet) return false;
  sheet.remove();
  for (const part of under()) part.inert = false;
  find("[data-sheet][aria-expanded]")?.removeAttribute("aria-expanded");
  return true;
}

async function openSheet(link) {
  const again = link.ariaExpanded === "true";
  closeSheet();
  if (again) return;
  const html = await ask(link.href);
  const sheet = html && find(".sheet", parsed(html));
  if (!sheet) {
    location.assign(link.href);
    return;
  }
  const heading = document.createElement("h2");
  heading.id = "sheet-title";
  heading.tabIndex = -1;
  heading.className = "h1";
  heading.append(...find("h1", sheet).childNodes);
  find("h1", sheet).replaceWith(heading);
  const scrim = document.createElement("div");
  scrim.className = "scrim";
  scrim.setAttribute("role", "dialog");
  scrim.setAttribute("aria-labelledby", heading.id);
  scrim.style.bottom = `${find(".foot").offsetHeight}px`;
  scrim.append(document.adoptNode(sheet));
  find(".low").before(scrim);
  for (const part of under()) part.inert = true;
  link.ariaExpanded = "true";
  heading.focus({ preventScroll: true });
}

async function easier(input) {
  const form = input.form;
  const body = new URLSearchParams({ csrf: form.elements.csrf.value, name: input.name, value: input.value });
  if (input.name !== "lang") {
    if (input.value) root.dataset[input.name] = input.value;
    else delete root.dataset[input.name];
  }
  const scrim = find(".scrim");
  if (scrim) scrim.style.bottom = `${find(".foot").offsetHeight}px`;
  await fetch(form.dataset.set, { method: "POST", body, redirect: "manual" });
  if (input.name === "lang") location.reload();
}

/* ---- one listener a kind of event ---- */

const touched = {
  "[data-see-more]": seeMore,
  "[data-by]": count,
  "[data-secret]": (button) => {
    const value = find("dd", button.closest("div"));
    [value.textContent, button.dataset.secret] = [button.dataset.secret, value.textContent];
    const words = find("span", button);
    [words.textContent, button.dataset.hide] = [button.dataset.hide, words.textContent];
    button.ariaLabel = `${words.textContent}${button.ariaLabel.slice(button.ariaLabel.indexOf(":"))}`;
  },
  "[data-open]": (button) => {
    const list = document.getElementById(button.getAttribute("aria-controls"));
    list.hidden = !list.hidden;
    button.ariaExpanded = String(!list.hidden);
    if (!list.hidden) list.scrollIntoView({ block: "nearest" });
  },
  "[data-to]": (link) => {
    const target = document.getElementById(link.dataset.to);
    (target.matches("input, button") ? target : (find("input, button, a", target) ?? target)).focus();
  },
  "[data-sheet]": openSheet,
  "[data-close]": closeSheet,
};

addEventListener("click", (event) => {
  if (event.target.closest(".btn.main") && performance.now() < confirmFrom) {
    event.preventDefault();
    return;
  }
  if (event.target.classList.contains("scrim")) {
    closeSheet();
    return;
  }
  for (const [selector, act] of Object.entries(touched)) {
    const element = event.target.closest(selector);
    if (!element) continue;
    const done = act(element);
    if (selector !== "[data-close]" || done) event.preventDefault();
    return;
  }
});

addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeSheet();
});

addEventListener("input", ({ target }) => {
  if (!target.matches("input")) return;
  if (target.dataset.liveRows) soon(target, 120, () => liveRows(target));
  if (target.form?.dataset.say) soon(target.form, 400, () => sayBack(target.form));
});

addEventListener("change", ({ target }) => {
  if (target.form?.dataset.ask) newSituation(target.form);
  if (target.form?.dataset.set) easier(target);
});

addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (form.hasAttribute("data-help")) {
    event.preventDefault();
    callOfficer(form, submitter);
    return;
  }
  if (form.method !== "post") return;
  // Three touches on the button are one: the first is on its way.
  if (form.sent) {
    event.preventDefault();
    return;
  }
  form.sent = true;
  submitter?.classList.add("held");
  if (submitter?.dataset.busy) submitter.textContent = submitter.dataset.busy;
});

find("[data-focus]")?.focus();
// The caret stands behind what is there already.
const first = find("input[autofocus]");
if (first) onceShown(() => first.setSelectionRange(first.value.length, first.value.length));
const start = find("[data-refresh]");
if (start) setInterval(() => refresh(start.dataset.refresh), 60000);
