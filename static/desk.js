/* Desk of an officer: the script of all its pages. Each module is one part and works without the others' elements. */

import "./lock.js";
import "./desk/connection.js";
import "./desk/sending.js";
import "./desk/keys.js";
import "./desk/unsent.js";
import "./desk/queue.js";
import "./desk/copying.js";
import "./desk/choices.js";
import "./desk/ticks.js";
import "./desk/command.js";
import "./desk/drop.js";
import "./desk/work.js";
import "./desk/turn.js";
import "./desk/case_state.js";
import "./desk/typed_again.js";
import "./desk/end.js";
import "./camera.js";

addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
