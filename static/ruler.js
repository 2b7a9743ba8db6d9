/* Page of the ruler: the pixels that this browser sees, to compare with those of the settings. */

const line = document.querySelector("[data-screen]");
line.querySelector("b").textContent = `${screen.width} × ${screen.height}`;
line.hidden = false;
