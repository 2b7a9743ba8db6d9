/* Lock of the desk: after some minutes without activity, or by a key, the page is covered; typed text stays.

   The server locks by itself too. This script keeps the page in place, reports activity to the server, and asks for the
   PIN on the same page. Addresses come from the page. */

const dialog = document.querySelector("[data-lock]");
const AWAKE_EVERY = 60000,
  LOOK_EVERY = 2000;
let lastActivity = performance.now(),
  lastReport = lastActivity,
  isLocked = false;

const post = (address, form) => {
  const body = new URLSearchParams(form);
  body.set("quiet", "1");
  body.set("csrf", dialog.querySelector("[name=csrf]").value);
  return fetch(address, { method: "POST", body, cache: "no-store" });
};

async function lock(report = true) {
  if (isLocked) return;
  isLocked = true;
  document.documentElement.classList.add("is-locked");
  dialog.showModal();
  dialog.querySelector("[name=pin]").focus();
  if (report) await post(dialog.dataset.lock, {}).catch(() => {});
}

function unlock() {
  isLocked = false;
  lastActivity = lastReport = performance.now();
  document.documentElement.classList.remove("is-locked");
  dialog.close();
  dispatchEvent(new Event("desk-unlocked"));
}

function noteActivity() {
  if (isLocked) return;
  lastActivity = performance.now();
  if (lastActivity - lastReport > AWAKE_EVERY) {
    lastReport = lastActivity;
    post(dialog.dataset.awake, {}).then(
      (answer) => {
        if (answer.status === 423) lock(false);
      },
      () => {},
    );
  }
}

if (dialog) {
  for (const kind of ["pointerdown", "keydown", "wheel", "input"])
    addEventListener(kind, noteActivity, { passive: true });
  setInterval(() => {
    if (performance.now() - lastActivity > dialog.dataset.minutes * 60000) lock();
  }, LOOK_EVERY);
  addEventListener("desk-locked", () => lock(false));
  addEventListener("keydown", (event) => {
    if (event.key === "F1") {
      event.preventDefault();
      lock();
    }
  });
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  // Some browsers close a dialog at a second Esc all the same.
  dialog.addEventListener("close", () => {
    if (isLocked) dialog.showModal();
  });
  for (const button of document.querySelectorAll("[data-lock-now]")) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      lock();
    });
  }
  dialog.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const pin = dialog.querySelector("[name=pin]"),
      said = dialog.querySelector("[data-said]");
    const show = (text) => {
      said.textContent = text;
      said.hidden = !text;
    };
    try {
      const answer = await post(dialog.dataset.unlock, { pin: pin.value });
      if (answer.redirected) {
        dispatchEvent(new Event("desk-ended"));
        return;
      }
      const found = await answer.json();
      pin.value = "";
      show(found.outcome === "open" ? "" : found.said);
      if (found.outcome === "open") unlock();
      if (found.outcome === "ended") dispatchEvent(new Event("desk-ended"));
    } catch {
      show("Chưa hỏi được máy chủ. Xem dây mạng rồi gõ lại.");
    }
  });
}
