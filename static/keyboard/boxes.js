/* Boxes of a date or a time: a full one leads to the next, a touched one is replaced, a year may stand alone.

   The last part of a box's id says what it holds: d, m, y, h or min. */

const FULL_FROM = { d: "4", m: "2", h: "3", min: "6" };
/* A first digit from which a second one makes no day, month, hour or minute. A year is never full by itself. */

const partOf = (field) => field.id.slice(field.id.lastIndexOf(".") + 1);

/** Return whether a box takes no further digit. */
export function isFull(field) {
  const from = FULL_FROM[partOf(field)];
  return from !== undefined && (field.value.length === 2 || field.value >= from);
}

/** Return the box behind a box of the same date. */
export function nextBox(field) {
  const boxes = [...(field.closest(".date")?.querySelectorAll("[data-keyboard]") ?? [])];
  return boxes[boxes.indexOf(field) + 1];
}

/** Select a box whole, so that the next digit replaces it; return false for a field that is no such box. */
export function selectBox(field) {
  if (field.dataset.keyboard !== "date") return false;
  field.select();
  return true;
}

/** Switch day and month off while a year alone is ticked, empty; return the box to type into. */
export function fillYearOnly(tick) {
  const [day, month, year] = ["d", "m", "y"].map((part) => document.getElementById(`${tick.dataset.yearOnly}.${part}`));
  for (const box of [day, month]) {
    if (tick.checked && box.value) {
      box.value = "";
      box.dispatchEvent(new Event("input", { bubbles: true }));
    }
    box.disabled = tick.checked;
  }
  return tick.checked ? year : day;
}
