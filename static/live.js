/* Live parts of the technician's pages: every part with data-live is fetched again and replaced every two seconds.

   The page works without it. A part that has the focus inside, or an open details element, is left alone. */

const EVERY = 2000;

addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

function isInUse(part) {
  return part.contains(document.activeElement) || part.querySelector("details[open]");
}

async function refreshParts() {
  const answer = await fetch(location.href, { cache: "no-store" });
  // After a sign-out the server redirects to the sign-in page: reload to follow it.
  if (answer.redirected) return location.reload();
  if (!answer.ok) return undefined;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-live]")) {
    const now = fresh.getElementById(part.id);
    if (now && now.innerHTML !== part.innerHTML && !isInUse(part)) part.replaceChildren(...now.childNodes);
  }
  return undefined;
}

async function poll() {
  if (!document.hidden) await refreshParts().catch(() => undefined);
  setTimeout(poll, EVERY);
}

setTimeout(poll, EVERY);
