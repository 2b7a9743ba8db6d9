/* Shared by the desk's modules: find an element of the page, and fetch a text from the server. */

export const find = (selector, root = document) => root.querySelector(selector);
export const findAll = (selector, root = document) => [...root.querySelectorAll(selector)];

export async function fetchText(address) {
  const answer = await fetch(address, { cache: "no-store" });
  // After a sign-out the server redirects to the sign-in page: reload to follow it.
  if (answer.redirected) location.reload();
  if (answer.status === 423) dispatchEvent(new Event("desk-locked"));
  return answer.text();
}
