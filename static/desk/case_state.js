/* What others do to the case that this page shows: told within two seconds, while the text that is typed here stays.

   A case that was opened for a reason stays open while its officer types; when its time is over, no answer stays on the
   screen. */

import { fetchText, find } from "./page.js";
import { isTyped } from "./unsent.js";

const EVERY = 2000; // milliseconds
const news = find("[data-case-state]");

async function ask() {
  try {
    const state = JSON.parse(await fetchText(news.dataset.caseState));
    if (!state.open && !isTyped()) location.reload();
    if (state.news && news.hidden) {
      news.textContent = state.news;
      news.hidden = false;
    }
  } catch {
    // No connection, or the desk is locked; the next turn asks again.
  }
  setTimeout(ask, EVERY);
}

if (news) setTimeout(ask, EVERY);
