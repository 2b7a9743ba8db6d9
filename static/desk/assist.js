/* Page on which an officer fills in a form: Ctrl Enter goes on, Alt with a letter presses what shows it. */

addEventListener("keydown", (event) => {
  if (event.repeat || event.metaKey || event.shiftKey) return;
  const target =
    event.ctrlKey && !event.altKey && event.key === "Enter"
      ? document.querySelector("[data-ctrl-enter]")
      : event.altKey && !event.ctrlKey && document.querySelector(`[data-alt="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!target) return;
  event.preventDefault();
  target.click();
});
