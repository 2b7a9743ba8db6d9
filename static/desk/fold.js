/* Queue beside a case: folded on a narrow page until the officer opens it. Runs before the first paint.

   The page works without it: the queue is open. */

{
  const root = document.documentElement;
  const narrow = matchMedia("(max-width: 1200px)");
  const REMEMBERED = "queue";

  const arrange = () => {
    const wanted = narrow.matches ? (sessionStorage.getItem(REMEMBERED) ?? "folded") : "open";
    root.dataset.queue = wanted;
  };

  narrow.addEventListener("change", arrange);
  const choose = (wanted) => {
    sessionStorage.setItem(REMEMBERED, wanted);
    arrange();
  };
  addEventListener("click", ({ target }) => {
    const button = target.closest?.("[data-fold]");
    if (button) choose(button.dataset.fold);
  });
  addEventListener("keydown", (event) => {
    if (!event.altKey || event.code !== "KeyH" || !narrow.matches) return;
    event.preventDefault();
    choose(root.dataset.queue === "folded" ? "open" : "folded");
  });
  arrange();
}
