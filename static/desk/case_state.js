/* What others do to the case that this page shows: told within two seconds, while the text that is typed here stays.

   A case that was opened for a reason stays open while its officer types; when its time is over, no answer stays on the
   screen. A page that is being left is not loaded again: that would take the officer who closes a case back to it. */

import { fetchText, find, findAll, showWords } from "./page.js";
import { isTyped } from "./unsent.js";

const EVERY = 1500, // milliseconds
  LEAVING = 10_000; // milliseconds; an answer without a page, as 204, leaves this one on the screen
const news = find("[data-case-state]");
let leftAt = -LEAVING;

addEventListener("beforeunload", () => {
  leftAt = performance.now();
});

async function ask() {
  try {
    const state = JSON.parse(await fetchText(news.dataset.caseState));
    if (!state.open && !isTyped() && performance.now() - leftAt > LEAVING) location.reload();
    showWords(news, state.news);
    for (const part of findAll("[data-case-users]")) showWords(part, state.users);
  } catch {
    // No connection, or the desk is locked; the next turn asks again.
  }
  setTimeout(ask, EVERY);
}

if (news) setTimeout(ask, EVERY);
