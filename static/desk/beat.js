/* Worker that sends a message at an interval: its timers keep their pace in a tab that is out of sight. */

addEventListener("message", ({ data: interval }) => setInterval(() => postMessage("beat"), interval));
