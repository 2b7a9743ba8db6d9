/* Files that are dropped or pasted on a page of the desk go into its tray: to the paper on whose row they fall.

   A page without a tray takes none, and does not leave for the file: what was typed would be lost. */

import { find, findAll } from "./page.js";
import { trayOf } from "./tray.js";

const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
const targetOf = (event) => (event.target instanceof Element ? event.target.closest("[data-drop]") : null);
/* The tray of the page; while another dialog is open nothing is taken. */
function trayOfPage() {
  const form = find("[data-tray]");
  const open = findAll("dialog[open]").at(-1);
  return form && (!open || open === form.closest("dialog")) ? form : null;
}

function mark(target) {
  for (const part of findAll(".is-over")) if (part !== target) part.classList.remove("is-over");
  target?.classList.add("is-over");
}

function endDrag() {
  delete document.body.dataset.dropping;
  mark(null);
}

addEventListener("dragover", (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  const form = trayOfPage();
  event.dataTransfer.dropEffect = form ? "copy" : "none";
  if (!form) return;
  document.body.dataset.dropping = "";
  mark(targetOf(event));
});

addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) endDrag();
});

addEventListener("drop", (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  endDrag();
  const form = trayOfPage();
  if (form) trayOf(form).add([...event.dataTransfer.files], targetOf(event)?.dataset.drop);
});

addEventListener("paste", (event) => {
  const files = [...(event.clipboardData?.files ?? [])];
  const form = trayOfPage();
  if (!files.length || !form) return;
  event.preventDefault();
  trayOf(form).add(files, targetOf(event)?.dataset.drop);
});

for (const form of findAll("[data-tray]")) trayOf(form);
