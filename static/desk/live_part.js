/* Part of a page that is fetched again every five seconds, or as often as it says; the focus stays where it was.

   It stays in a replaced link too. A press ends on the button on which it began: meanwhile the part is not replaced. */

const part = document.querySelector("[data-live-part]");
const EVERY = Number(part?.dataset.every ?? 5000),
  PATIENCE = 8000; // both in milliseconds
let isPressed = false;

part?.addEventListener("pointerdown", () => {
  isPressed = true;
});
for (const end of ["pointerup", "pointercancel", "blur"])
  addEventListener(end, () => {
    isPressed = false;
  });

async function refreshPart() {
  const answer = await fetch(part.dataset.livePart, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
  // Signed out or locked: the page itself shows the sign-in or the lock.
  if (answer.redirected || answer.status === 423) return location.reload();
  if (!answer.ok) throw new Error(answer.status);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").body;
  if (isPressed || fresh.innerHTML === part.innerHTML) return undefined;
  const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
  part.replaceChildren(...fresh.childNodes);
  if (focused) document.getElementById(focused)?.focus();
  return undefined;
}

async function poll() {
  if (!document.hidden) {
    await refreshPart().then(
      () => part.removeAttribute("data-stale"),
      () => part.setAttribute("data-stale", ""),
    );
  }
  setTimeout(poll, EVERY);
}

setTimeout(poll, EVERY);
