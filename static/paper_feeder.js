/* Scanner of the touchscreen: shows each page as it comes, and the next step when the scanner stops. */

const EVERY = 700; // ms

const parsed = (html) => new DOMParser().parseFromString(html, "text/html");

async function look() {
  const answer = await fetch(location.href, { cache: "no-store" }).catch(() => null);
  if (!answer) return;
  const page = answer.ok && !answer.redirected ? parsed(await answer.text()) : null;
  const fresh = page?.querySelector("[data-feeder=running]"),
    shown = document.querySelector("[data-feeder]");
  // The scanner stopped, or the form is gone, or a desk has it.
  if (!fresh) return location.replace(location.href);
  if (fresh.dataset.pages === shown.dataset.pages) return;
  document.querySelector("h1").replaceChildren(...page.querySelector("h1").childNodes);
  document.title = page.title;
  shown.replaceWith(fresh);
  // Paper that moves is a person who is there.
  dispatchEvent(new Event("kiosk:activity"));
  dispatchEvent(new CustomEvent("kiosk:said", { detail: fresh.querySelector("[role=status]") }));
}

async function watch() {
  await look();
  setTimeout(watch, EVERY);
}

setTimeout(watch, EVERY);
