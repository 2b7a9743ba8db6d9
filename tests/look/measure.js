/* Measures the page that is shown: texts, things to touch, what is cut off. Called with the px of a millimetre. */
(mm) => {
  const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length > 0;
  const channels = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const light = (rgb) =>
    rgb
      .slice(0, 3)
      .map((v) => v / 255)
      .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
      .reduce((sum, v, n) => sum + v * [0.2126, 0.7152, 0.0722][n], 0);
  const ground = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = channels(getComputedStyle(e).backgroundColor);
      if (colour.length === 3) return colour;
    }
    return [255, 255, 255];
  };
  const contrast = (element) => {
    const [a, b] = [light(channels(getComputedStyle(element).color)), light(ground(element))].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  };

  const texts = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const words = walk.currentNode.textContent.trim(),
      e = walk.currentNode.parentElement;
    if (!words || !shown(e) || e.closest(".away, .keyboard, script, svg")) continue;
    texts.push({
      words: words.slice(0, 40),
      capital: (0.714 * parseFloat(getComputedStyle(e).fontSize)) / mm,
      contrast: contrast(e),
    });
  }

  const targets = [...document.querySelectorAll("a[href], button, .opt, input.field")].filter(shown).map((e) => {
    const r = e.getBoundingClientRect();
    return {
      name: e.textContent.trim().slice(0, 30) || e.id,
      key: Boolean(e.closest(".keyboard")),
      low: Boolean(e.closest(".low")),
      x: r.x / mm,
      y: (r.y + scrollY) / mm,
      w: r.width / mm,
      h: r.height / mm,
    };
  });

  const cut = [...document.querySelectorAll("body *")]
    .filter((e) => shown(e) && !e.closest("svg, .away, .keyboard") && getComputedStyle(e).display !== "inline")
    .filter(
      (e) =>
        e.clientWidth > 1 && (e.scrollWidth > e.clientWidth + 1 || e.getBoundingClientRect().right > innerWidth + 1),
    )
    .map((e) => `${e.tagName}.${e.className}`);

  return {
    tall: document.documentElement.scrollHeight,
    texts,
    targets,
    cut,
    sideways: document.documentElement.scrollWidth - innerWidth,
    heads: document.querySelectorAll("h1").length,
    title: document.title,
  };
};
