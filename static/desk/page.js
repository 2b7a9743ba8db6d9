/* Shared by the desk's modules: find an element of the page, and fetch a text from the server. */

export const find = (selector, root = document) => root.querySelector(selector);
export const findAll = (selector, root = document) => [...root.querySelectorAll(selector)];

/* Show words in a part, or in its span beside an icon; hide the part for no words. */
export function showWords(part, words) {
  const text = part.querySelector("span") ?? part;
  if (text.textContent.trim() !== words) text.textContent = words;
  part.hidden = !words;
}

/* Small letters without marks, as officers type in a search. */
export const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase();

const isChanged = (field) =>
  field.matches("[type=checkbox], [type=radio]")
    ? field.checked !== field.defaultChecked
    : field.matches("textarea, input:not([type=hidden], [type=password], [type=file])") &&
      field.value !== field.defaultValue;

/* Return the forms in which somebody typed or chose something. */
export const changedForms = () =>
  findAll("form").filter(
    (form) => form.method === "post" && [...form.elements].some(isChanged) && !form.closest("dialog"),
  );

/* Fetch a text; rejects where the server answers with an error, the lock or the sign-in page. */
export async function fetchText(address) {
  const answer = await fetch(address, { cache: "no-store" });
  // After a sign-out the server redirects to the sign-in page.
  if (answer.redirected) dispatchEvent(new Event("desk-ended"));
  if (answer.status === 423) dispatchEvent(new Event("desk-locked"));
  if (!answer.ok || answer.redirected) throw new Error(`no text: ${answer.status}`);
  return answer.text();
}
