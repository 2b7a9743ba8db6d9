/* Text that is typed and not sent yet: a button or a link that leaves the page sends it first. */

import { find, findAll } from "./page.js";

const typed = () => findAll("form[data-keep]").filter((form) => form.dataset.changed);
export const isTyped = () => typed().length > 0 || Boolean(find("#note")?.value.trim());

addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.hasAttribute("data-keep")) form.dataset.changed = "yes";
});

async function send(address, form) {
  const answer = await fetch(address, { method: "post", body: new URLSearchParams(new FormData(form)) });
  if (!answer.ok) throw new Error(answer.statusText);
}

/* Send the changed forms and the note; `leaving` is the form that is sent anyway. */
async function sendTyped(leaving) {
  for (const form of typed())
    if (form !== leaving) {
      await send(form.action, form);
      delete form.dataset.changed;
    }
  const note = find("#note");
  if (!note?.value.trim() || note.form === leaving) return;
  await send(find("[data-note]").formAction, note.form);
  note.value = "";
}

const showUnsent = () => {
  find("[data-unsent]").hidden = false;
};

const hasUnsent = (leaving) =>
  typed().some((form) => form !== leaving) || Boolean(find("#note")?.value.trim() && find("#note").form !== leaving);

// Without an answer the page stays.
addEventListener("submit", async (event) => {
  if (event.defaultPrevented || !hasUnsent(event.target)) return;
  event.preventDefault();
  try {
    await sendTyped(event.target);
    event.target.requestSubmit(event.submitter);
  } catch {
    showUnsent();
  }
});

addEventListener("click", async (event) => {
  const link = event.target.closest("a[href]:not([target])");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !hasUnsent(null)) return;
  event.preventDefault();
  try {
    await sendTyped(null);
    location.assign(link.href);
  } catch {
    showUnsent();
  }
});
