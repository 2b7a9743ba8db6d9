/* Faults of the page that is shown, as a person would meet them: controls that a touch misses, controls that lie on each
   other, what leaves the glass sideways, and controls below the edge that nothing announces. */
() => {
  const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length > 0;
  const name = (e) => `${e.localName} ${(e.textContent.trim() || e.getAttribute("aria-label") || e.id).slice(0, 40)}`;
  const cover = [...document.querySelectorAll("#idle, .scrim")].find(shown);
  const screen = cover ?? document.body;
  const wanted = "a[href], button, summary, .opt, input.field, textarea";
  const controls = [...screen.querySelectorAll(wanted)].filter(shown);
  // "Xem tiếp" hangs over the end of the page: what it covers is below the edge.
  const edges = [...document.querySelectorAll(".low, .hanging")].filter(shown);
  const low = Math.min(innerHeight, ...edges.map((e) => e.getBoundingClientRect().top));
  // Beside an open keyboard the question stays in sight, and the page passes below it.
  const ask = document.querySelector("main > .ask");
  const isSticky = ask !== null && getComputedStyle(ask).position === "sticky";
  const isFixed = (e) =>
    Boolean(e.closest(".low, .foot, .bar, #keyboard, .scrim")) || (isSticky && e.closest(".ask") === ask);
  const underBar = parseFloat(getComputedStyle(document.body).paddingTop);
  const top = isSticky ? Math.max(underBar, ask.getBoundingClientRect().bottom) : underBar;
  const inSight = (e) => {
    const r = e.getBoundingClientRect();
    if (isFixed(e)) return true;
    return r.top >= top && r.bottom <= low;
  };
  const missed = controls.filter(inSight).filter((e) => {
    const r = e.getBoundingClientRect();
    const hit = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2);
    return !hit || !e.contains(hit);
  });

  const inPage = controls.filter((e) => !isFixed(e)).map((e) => ({ e, r: e.getBoundingClientRect() }));
  const over = [];
  inPage.forEach((a, n) => {
    for (const b of inPage.slice(n + 1)) {
      if (a.e.contains(b.e) || b.e.contains(a.e)) continue;
      const across = Math.min(a.r.right, b.r.right) - Math.max(a.r.x, b.r.x);
      const down = Math.min(a.r.bottom, b.r.bottom) - Math.max(a.r.y, b.r.y);
      if (across > 1 && down > 1) over.push(`${name(a.e)} / ${name(b.e)}`);
    }
  });

  const root = document.documentElement;
  const isLeft = root.scrollHeight - innerHeight - scrollY > 8;
  const isAnnounced = [...document.querySelectorAll("[data-see-more]")].some(shown);
  const below = inPage.filter(({ r }) => r.top >= low);
  return {
    missed: missed.map(name),
    over,
    sideways: Math.max(0, root.scrollWidth - innerWidth),
    unannounced: isLeft && !isAnnounced ? below.map(({ e }) => name(e)) : [],
  };
};
