/* Sheets over a citizen page ("Cỡ chữ, màu", "Kết thúc"): opened in place; what is typed is stored before the page is
   left, or comes back in another language. */

import { parsed } from "./fresh_parts.js";
import { showAway } from "./server_away.js";

const find = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const root = document.documentElement;

const under = () => all("body > header, body > main, .dock, .keyboard");

export function closeSheet() {
  const sheet = find(".scrim");
  if (!sheet) return false;
  sheet.remove();
  for (const part of under()) part.inert = false;
  find("[data-sheet][aria-expanded]")?.removeAttribute("aria-expanded");
  return true;
}

async function fetchSheet(link) {
  const answer = await fetch(link.href);
  return answer.ok ? find(".sheet", parsed(await answer.text())) : null;
}

let opening = null;

export async function openSheet(link) {
  // A second touch before the answer to the first asks for nothing more.
  if (opening === link) return;
  const again = link.ariaExpanded === "true";
  closeSheet();
  if (again) return;
  opening = link;
  const sheet = await fetchSheet(link).catch(() => undefined);
  // Another sheet was touched meanwhile.
  if (opening !== link) return;
  opening = null;
  showAway(sheet === undefined);
  if (sheet) showSheet(link, sheet);
  else if (sheet === null) location.assign(link.href);
}

function showSheet(link, sheet) {
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
  scrim.style.setProperty("--foot", `${find(".foot").offsetHeight}px`);
  scrim.append(document.adoptNode(sheet));
  find(".low").before(scrim);
  keepTyped(scrim);
  for (const part of under()) part.inert = true;
  link.ariaExpanded = "true";
  heading.focus({ preventScroll: true });
}

const boxes = () => find("form#answer[data-keeps]");

/* Store what stands in the boxes of the page, then go on. While the server is away the page stays. */
async function storeThen(goOn) {
  const answer = boxes();
  const body = new URLSearchParams(new FormData(answer));
  body.set("save", "1");
  const saved = await fetch(answer.action, { method: "POST", body, redirect: "manual" }).catch(() => null);
  const isAway = !saved || saved.status >= 500;
  showAway(isAway);
  if (isAway) closeSheet();
  else if (saved.type === "opaqueredirect") await goOn();
  // The server's page says why the boxes cannot be stored, and shows them.
  else answer.requestSubmit();
}

/* Keep the form with what is typed on its page: the boxes are stored before the button's own form is sent. */
export function keepTyped(part) {
  const button = part && find("[data-keep]", part);
  if (!button || !boxes()) return;
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    if (button.ariaBusy) return;
    button.ariaBusy = "true";
    // The idle screen would count on meanwhile, and delete the form at the end.
    dispatchEvent(new Event("kiosk:activity"));
    await storeThen(() => button.form.requestSubmit(button));
    button.ariaBusy = null;
  });
}

export async function applySetting(input) {
  const form = input.form;
  const body = new URLSearchParams({ csrf: form.elements.csrf.value, name: input.name, value: input.value });
  const post = () => fetch(form.dataset.set, { method: "POST", body, redirect: "manual" }).catch(() => null);
  if (input.name !== "lang") {
    if (input.value) root.dataset[input.name] = input.value;
    else delete root.dataset[input.name];
    const scrim = find(".scrim");
    scrim?.style.setProperty("--foot", `${find(".foot").offsetHeight}px`);
    await post();
    return;
  }
  const reload = async () => {
    if (await post()) location.reload();
    else showAway(true);
  };
  // The page comes back in the other language: what is typed must be stored by then.
  if (boxes()) await storeThen(reload);
  else await reload();
}
