/* Text that is typed and not sent yet: a button or a link that leaves the page sends it first. */

import { find, findAll } from "./page.js";
import { isAnswer, open, send, whileSending } from "./sending.js";

const typed = () => findAll("form[data-keep]").filter((form) => form.dataset.changed);
export const isTyped = () => typed().length > 0 || Boolean(find("#note")?.value.trim());

addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.hasAttribute("data-keep")) form.dataset.changed = "yes";
});

/* Send a form; a page with its errors is opened, and what was to follow is not done. */
async function sendFirst(form, submitter) {
  const next = await send(form, submitter);
  if (!isAnswer(next)) return;
  open(next);
  throw new Error("the form has errors");
}

/* Send the changed forms and the note; `leaving` is the form that is sent anyway. */
async function sendTyped(leaving) {
  for (const form of typed())
    if (form !== leaving) {
      await sendFirst(form);
      delete form.dataset.changed;
    }
  const note = find("#note");
  if (!note?.value.trim() || note.form === leaving) return;
  await sendFirst(note.form, find("[data-note]"));
  note.value = "";
}

const hasUnsent = (leaving) =>
  typed().some((form) => form !== leaving) || Boolean(find("#note")?.value.trim() && find("#note").form !== leaving);

/* Send what was typed, then leave; without an answer the page stays. */
function sendThen(leaving, leave) {
  whileSending(() => sendTyped(leaving)).then(
    () => {
      if (!hasUnsent(leaving)) leave();
    },
    () => {},
  );
}

addEventListener("submit", (event) => {
  if (event.defaultPrevented || !hasUnsent(event.target)) return;
  event.preventDefault();
  sendThen(event.target, () => event.target.requestSubmit(event.submitter));
});

addEventListener("click", (event) => {
  const link = event.target.closest("a[href]:not([target])");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !hasUnsent(null)) return;
  event.preventDefault();
  sendThen(null, () => link.click());
});
