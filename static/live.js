/* Live parts of the technician's pages: every part with data-live is fetched again and replaced every two seconds.

   The page works without it. A part that has the focus inside, or an open details element, is left alone. A request
   that no touch and no key preceded is marked as quiet: it does not keep an idle session open. */

const EVERY = 2000,
  LOCKED = 423;
let isActive = false;

for (const kind of ["pointerdown", "keydown", "wheel", "input"])
  addEventListener(
    kind,
    () => {
      isActive = true;
    },
    { passive: true },
  );

addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

function isInUse(part) {
  return part.contains(document.activeElement) || part.querySelector("details[open]");
}

async function refreshParts() {
  const headers = isActive ? {} : { "Kiosk-Quiet": "1" };
  isActive = false;
  const answer = await fetch(location.href, { cache: "no-store", headers });
  // After a sign-out the server redirects to the sign-in page; a locked session shows the lock page.
  if (answer.redirected || answer.status === LOCKED) return location.reload();
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
