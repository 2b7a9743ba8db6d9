/* Touches on the keys: a touch must begin and end on the same key, else it types nothing; a held key types once; the
   key that erases goes on after two seconds, slowly, until it is released.

   The keys never take the focus, so the caret stays in the field. */

const HELD = 2000,
  EACH = 250;

const keyAt = ({ clientX, clientY }) => document.elementFromPoint(clientX, clientY)?.closest("button");

/** Call `typed(key)` for each key of `board` that is touched, clicked, or pressed by an assistive device. */
export function listenForKeys(board, typed) {
  const held = new Map();
  let erasing,
    hasErased = false;
  const release = (event) => {
    const key = held.get(event.pointerId);
    held.delete(event.pointerId);
    key?.classList.remove("held");
    clearTimeout(erasing);
    return hasErased && key?.dataset.act === "erase" ? null : key;
  };
  const erase = (key) => {
    hasErased = true;
    typed(key);
    erasing = setTimeout(erase, EACH, key);
  };
  board.addEventListener("pointerdown", (event) => {
    const key = event.target.closest("button");
    if (!key || (event.pointerType === "mouse" && event.button)) return;
    held.set(event.pointerId, key);
    key.classList.add("held");
    clearTimeout(erasing);
    hasErased = false;
    if (key.dataset.act === "erase") erasing = setTimeout(erase, HELD, key);
  });
  addEventListener("pointerup", (event) => {
    const key = release(event);
    if (key && key === keyAt(event)) typed(key);
  });
  addEventListener("pointercancel", release);
  board.addEventListener("mousedown", (event) => event.preventDefault());
  board.addEventListener("contextmenu", (event) => event.preventDefault());
  // A click without a pointer comes from a screen reader or a switch.
  board.addEventListener("click", (event) => {
    const key = event.target.closest("button");
    if (key && event.detail === 0) typed(key);
  });
}
