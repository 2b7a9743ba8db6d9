/* Keys of the desk: a key presses the button or link that shows it, in its attribute `data-key`. */

import { find } from "./page.js";

const FIELDS = "textarea, select, input:not([type=radio], [type=checkbox])";

addEventListener("keydown", (event) => {
  if (event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
  // On the page of a decision the keys of the queue are off. Escape leaves the box first (input methods use it too).
  const isTyping = event.target instanceof Element && event.target.matches(FIELDS);
  if (event.key === "Escape" && isTyping) return event.target.blur();
  const button = find(`[data-key="${CSS.escape(event.key)}"]`, find("#decide") ? find(".bar") : document);
  if (!button) return;
  event.preventDefault();
  button.click();
});
