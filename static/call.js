/* The call for an officer: the notice and the help button change without a reload, and what is typed stays.

   While a call is open the server is asked every 2 seconds. What stands in the boxes is sent before the cover. */

const EVERY = 2000,
  WITHDRAWN_SHOWN = 8000;
const call = document.getElementById("call"),
  away = document.getElementById("call-away");
let asked = false,
  posts = 0,
  isLeaving = false;

function swap(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const id of ["call", "help"]) {
    const old = document.getElementById(id),
      fresh = page.getElementById(id);
    if (!old || !fresh || old.innerHTML === fresh.innerHTML) continue;
    const hadFocus = old.contains(document.activeElement);
    old.innerHTML = fresh.innerHTML;
    for (const name of ["data-called", "data-withdrawn"]) old.toggleAttribute(name, fresh.hasAttribute(name));
    if (hadFocus) old.querySelector("button")?.focus({ preventScroll: true });
  }
  if (!call.hasAttribute("data-called")) call.classList.remove("shown");
  if (call.hasAttribute("data-withdrawn")) setTimeout(refresh, WITHDRAWN_SHOWN);
}

/* Ask for the state, or post; the answer to a question before a post is too late. */
async function ask(address, options) {
  const before = posts;
  try {
    const answer = await fetch(address, { cache: "no-store", ...options });
    if (isLeaving || before !== posts) return true;
    // A screen that is covered in another tab shows its cover.
    if (answer.redirected) location.reload();
    else if (answer.ok) swap(await answer.text());
    return answer.ok;
  } catch {
    return false;
  }
}

async function refresh() {
  if (asked) return;
  asked = true;
  await ask(call.dataset.state);
  asked = false;
}

if (call) setInterval(() => call.hasAttribute("data-called") && refresh(), EVERY);

addEventListener("click", (event) => {
  if (event.target.closest("[data-show-call]")) call.classList.toggle("shown");
});

/* Hidden copies of the boxes of the page, so that the server keeps what is typed before it covers the screen. */
function takeAlong(form) {
  const answer = document.querySelector("form#answer");
  if (!answer || "taken" in form.dataset) return;
  form.dataset.taken = "";
  for (const [name, value] of new FormData(answer)) {
    if (name === "csrf" || typeof value !== "string") continue;
    const box = document.createElement("input");
    box.type = "hidden";
    box.name = name;
    box.value = value;
    form.append(box);
  }
}

addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  if (form.id === "cover") {
    isLeaving = true;
    takeAlong(form);
  }
  if (!call || !form.hasAttribute("data-help")) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, submitter));
  body.set("part", "1");
  call.classList.remove("shown");
  posts += 1;
  away.hidden = await ask(form.action, { method: "POST", body });
});
