/* Page around a tray: after files were kept, its list of scans or its papers are fetched again. */

import { fetchText, find } from "./page.js";

/* Show what the server has, and say what was kept where the papers are. */
export async function showKept(form, words) {
  const place = form.closest("main, aside") ?? document.body;
  const done = find("[data-tray-done]", place);
  if (done) {
    done.textContent = words;
    done.className = "note";
    done.hidden = false;
  }
  // Without the page the files are kept all the same, and the next page shows them.
  const page = new DOMParser().parseFromString(await fetchText(location.href).catch(() => ""), "text/html");
  for (const selector of ["[data-kept-scans]", "#ticks:not([data-changed])"]) {
    const old = find(selector),
      fresh = find(selector, page);
    if (old && fresh) old.replaceWith(document.adoptNode(fresh));
  }
}
