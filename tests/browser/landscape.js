/* What a person finds around the open keyboard: controls that a touch misses, words out of sight, overlaps. */
() => {
  const board = document.getElementById("keyboard");
  const field = document.activeElement;
  const question = document.querySelector(".ask");
  const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length > 0;
  /* Lines of text: their boxes are higher than what is drawn, by a part of the space that a second mark may take. */
  const textBox = (e) => {
    const range = document.createRange();
    range.selectNodeContents(e);
    const { x, y, width, height } = range.getBoundingClientRect();
    const space = 0.06 * parseFloat(getComputedStyle(e).fontSize);
    return new DOMRect(x, y + space, width, height - 2 * space);
  };
  const named = (e, r = e.getBoundingClientRect()) => ({ e, r, name: e.textContent.trim() || e.id });
  const hits = ({ e, r }) =>
    [
      [0.5, 0.5],
      [0.15, 0.2],
      [0.85, 0.2],
      [0.15, 0.8],
      [0.85, 0.8],
    ].every(([x, y]) => e.contains(document.elementFromPoint(r.x + r.width * x, r.y + r.height * y)));

  /* What is in sight: below the bar and the question, above the keys, inside a list that scrolls. */
  const isSticky = question && getComputedStyle(question).position === "sticky";
  const top = isSticky
    ? question.getBoundingClientRect().bottom
    : parseFloat(getComputedStyle(document.body).paddingTop);
  // The number pad is beside the question: it hides nothing below its upper edge.
  const isBeside = board.getBoundingClientRect().x > 0;
  const bottom = (isBeside ? document.querySelector(".low") : board).getBoundingClientRect().y;
  const isWhole = ({ e, r }) => {
    const list = e.closest(".results")?.getBoundingClientRect();
    return r.y >= Math.max(top, list?.y ?? 0) && r.bottom <= Math.min(bottom, list?.bottom ?? bottom);
  };
  const buttons = [...document.querySelectorAll(".dock :is(a, button), .foot :is(a, button)")].filter(shown);
  const controls = [...buttons, ...board.querySelectorAll("button")].filter(shown).map((e) => named(e));
  const inPage = [...document.querySelectorAll("main :is(a, button, .opt, .field)")].filter(shown).map((e) => named(e));
  const legend = field.closest(".date") && field.closest("fieldset").querySelector("legend:not(.away)");
  const labels = [legend, ...(field.labels ?? [])].filter((e) => e && !e.classList.contains("away"));
  const words = [document.querySelector("h1"), ...labels].map((e) => named(e, textBox(e)));
  const inSight = ({ e, r }) =>
    r.y >= 0 &&
    r.bottom <= bottom &&
    [0.25, 0.75].every((y) => e.contains(document.elementFromPoint(r.x + 10, r.y + r.height * y)));

  const boxes = [...buttons.map((e) => named(e)), ...words.filter(inSight), named(field), named(board)];
  const over = [];
  boxes.forEach((a, n) => {
    for (const b of boxes.slice(n + 1)) {
      const across = Math.min(a.r.right, b.r.right) - Math.max(a.r.x, b.r.x);
      const down = Math.min(a.r.bottom, b.r.bottom) - Math.max(a.r.y, b.r.y);
      if (across > 0.5 && down > 0.5) over.push([a.name.slice(0, 30), b.name.slice(0, 30)]);
    }
  });
  return {
    open: !board.hidden && field.matches("[data-keyboard]"),
    missed: [...controls, ...inPage.filter(isWhole), named(field)].filter((box) => !hits(box)).map((box) => box.name),
    unseen: words.filter((box) => !inSight(box)).map((box) => box.name),
    over,
    spilled: buttons.filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.textContent.trim()),
    sideways: document.documentElement.scrollWidth > innerWidth,
  };
};
