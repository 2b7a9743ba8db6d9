/* Text from the tray: the page that it came from gets it again, in its form; the officer looks and presses. */

import { fetchText, find, findAll } from "./page.js";

const id = new URLSearchParams(location.search).get("typed");
const note = find("[data-typed-again]");

function fill(form, fields) {
  for (const [name, value] of fields)
    for (const field of findAll(`[name="${CSS.escape(name)}"]`, form)) {
      if (field.matches("[type=checkbox], [type=radio]")) field.checked = field.value === value || field.checked;
      else if (!field.matches("[type=hidden], [type=file], [type=password]")) field.value = value;
      else continue;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
}

function addKept(form, { field, id: value }) {
  const kept = Object.assign(document.createElement("input"), { type: "hidden", name: field, value });
  form.append(kept);
}

async function giveBack() {
  const post = JSON.parse(await fetchText(note.dataset.typedAgain));
  const form = findAll("form").find(
    (one) => one.method === "post" && new URL(one.action).pathname === post.path && !one.closest("dialog"),
  );
  if (!form) {
    note.dataset.state = "shown";
    note.append(...post.fields.map(([, value]) => Object.assign(document.createElement("q"), { textContent: value })));
  } else {
    for (let part = form.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
    fill(form, post.fields);
    addKept(form, post);
    find("textarea, input:not([type=hidden])", form)?.focus();
  }
  note.hidden = false;
}

if (id && note) giveBack().catch(() => {});
