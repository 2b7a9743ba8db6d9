/* Where a field is on the page while the board is open. */

/** Scroll the field directly above the board, so that its label and its error stay visible; a date with its message.
   A board beside the field (landscape) hides nothing: the page moves only for a field that is out of sight. */
export function reveal(board, field) {
  if (board.hidden) return;
  const answered = field.closest(".q-date")?.querySelector(".date-message") ?? field;
  if (board.getBoundingClientRect().left > 0) {
    answered.scrollIntoView({ block: "nearest" });
    field.scrollIntoView({ block: "nearest" });
    return;
  }
  const low = board.getBoundingClientRect().top - parseFloat(getComputedStyle(field).scrollMarginBottom);
  scrollable(field).scrollBy({ top: answered.getBoundingClientRect().bottom - low, behavior: "instant" });
}

function scrollable(element) {
  for (let box = element.parentElement; box && box !== document.body; box = box.parentElement) {
    if (box.scrollHeight > box.clientHeight && /auto|scroll/.test(getComputedStyle(box).overflowY)) return box;
  }
  return window;
}
