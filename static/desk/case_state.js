/* What others do to the case that this page shows: told within two seconds, while the text that is typed here stays.

   A case that was opened for a reason stays open while its officer types; when its time is over, no answer stays on the
   screen. A page that sends a post is not loaded again: that would take the officer who closes a case back to it. */

import { fetchText, find, findAll, showWords } from "./page.js";
import { isBusy } from "./sending.js";
import { isTyped } from "./unsent.js";

const EVERY = 1500; // milliseconds
const news = find("[data-case-state]");

async function ask() {
  try {
    const state = JSON.parse(await fetchText(news.dataset.caseState));
    if (!state.open && !isTyped() && !isBusy()) location.reload();
    showWords(news, state.news);
    for (const part of findAll("[data-case-users]")) showWords(part, state.users);
  } catch {
    // No connection, or the desk is locked; the next turn asks again.
  }
  setTimeout(ask, EVERY);
}

if (news) setTimeout(ask, EVERY);
