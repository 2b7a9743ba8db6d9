/* The technician's pages stay true by themselves: every part that is marked so is fetched anew and laid in its place.

   The page works without it. A part with the focus inside, or with something opened, is left alone. */

const EVERY = 2000;

addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

function isInUse(part) {
  return part.contains(document.activeElement) || part.querySelector("details[open]");
}

async function look() {
  const answer = await fetch(location.href, { cache: "no-store" });
  // Whoever is signed out is led to the door: the page itself must go there.
  if (answer.redirected) return location.reload();
  if (!answer.ok) return undefined;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-live]")) {
    const now = fresh.getElementById(part.id);
    if (now && now.innerHTML !== part.innerHTML && !isInUse(part)) part.replaceChildren(...now.childNodes);
  }
  return undefined;
}

async function keep() {
  if (!document.hidden) await look().catch(() => undefined);
  setTimeout(keep, EVERY);
}

setTimeout(keep, EVERY);
