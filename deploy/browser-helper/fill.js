/* Filling of one page: finds the boxes of the list, fills the empty ones and marks them; presses no button of the page. */

globalThis.wardHelper ??= (() => {
  const QUIET = 250; // ms without a change of the page
  const LONGEST_WAIT = 3000; // ms for a list that the page loads late, or a block that it builds again
  const CONTROLS = "input:not([type=hidden],[type=file],[type=submit],[type=button],[type=password]), select, textarea";
  const filled = new Map(); // name of the row -> { receipt, row, control, written, mark }

  const fold = (text) =>
    text
      .normalize("NFC")
      .toLowerCase()
      .replace(/\(\d+\)|[*:]/g, " ")
      .replace(/\s+/g, " ")
      .trim();
  const isShown = (element) => element.getClientRects().length > 0;
  const setOf = (control, name) => Object.getOwnPropertyDescriptor(Object.getPrototypeOf(control), name).set;
  const isChoice = (control) => control.type === "radio";

  function labelOf(control, holder) {
    const group = isChoice(control) ? control.closest("fieldset, [role=radiogroup]") : null;
    if (group?.querySelector("legend")) return group.querySelector("legend").textContent;
    const ids = ((group ?? control).getAttribute("aria-labelledby") ?? "").split(/\s+/).filter(Boolean);
    const named = ids.map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
    const own = isChoice(control) ? "" : (control.labels?.[0]?.textContent ?? control.getAttribute("aria-label"));
    const above = holder === control ? null : holder.querySelector("label, legend, [class*=title]");
    return named || own || above?.textContent || "";
  }

  /* All fields of the page that are shown: name without the number of the form, label, and their controls. */
  function readFields(attribute) {
    const fields = new Map();
    for (const control of document.querySelectorAll(CONTROLS)) {
      const holder = control.closest(`[${attribute}]`);
      if (!(isShown(control) || isShown(control.parentElement)) || control.closest("ward-helper")) continue;
      const name = (holder?.getAttribute(attribute) ?? "").replace(/__\d+$/, "");
      const key = isChoice(control) ? `radio ${control.name}` : control;
      const field = fields.get(key) ?? { name, label: fold(labelOf(control, holder ?? control)), controls: [] };
      field.controls.push(control);
      fields.set(key, field);
    }
    return [...fields.values()];
  }

  /* The label first, the name second; a name whose label is another one is a box that the page has renamed. */
  function locate(row, { attribute, names }) {
    const fields = readFields(attribute);
    if (row.kind?.startsWith("date-")) return locateParts(row, fields);
    const label = row.label ? fold(row.label) : "";
    const others = new Set(names.filter((name) => name !== row.name));
    const labelled = fields.filter((field) => label && field.label === label && !others.has(field.name));
    if (labelled.length === 1) return { field: labelled[0] };
    const named = fields.filter((field) => field.name === row.name);
    if (named.length !== 1) return { reason: "trang này không có ô" };
    if (label && named[0].label && named[0].label !== label) return { reason: "trang này đổi tên ô" };
    return { field: named[0] };
  }

  function locateParts(row, fields) {
    const ends = ["-day", "-month", "-year"];
    const partOf = (name) => fields.find((field) => field.name === name || field.controls[0].id === name);
    const parts = ends.map((end) => partOf(row.name + end));
    if (parts.includes(undefined)) return { reason: "trang này không có ô" };
    return { field: { controls: parts.map((part) => part.controls[0]), isParts: true } };
  }

  /* The words for a box, or a reason; a day of which only the year is known is never made 01/01. */
  function wordsFor(row, field) {
    const control = field.controls[0];
    const parts = row.value.split("/");
    const isDay = row.kind === "date-parts" || row.kind === "full-date" || control.type === "date";
    const needsDay = isDay || (field.isParts && !/^(\d{2}\/)?\d{4}$/.test(row.value));
    if (needsDay && !/^\d{2}\/\d{2}\/\d{4}$/.test(row.value)) return { reason: "không đủ ngày tháng năm" };
    if (row.kind === "digits" && !/^\d{12}$/.test(row.value)) return { reason: "không phải 12 số" };
    if (field.isParts) return { words: ["", "", ...parts].slice(-3) }; // a year alone: day and month stay empty
    if (control.type === "date") return { words: [parts.reverse().join("-")] };
    if (control.maxLength >= 0 && row.value.length > control.maxLength) return { reason: "dài quá ô này" };
    return { words: [row.value] };
  }

  function optionOf(field, words) {
    const bare = (text) => fold(text).replace(/^(tỉnh|thành phố|phường|xã|đặc khu) /, "");
    const choices = field.controls[0].options ?? field.controls;
    const textOf = (choice) => choice.text ?? choice.labels?.[0]?.textContent ?? choice.parentElement.textContent;
    for (const form of [fold, bare]) {
      const found = [...choices].filter((choice) => form(textOf(choice)) === form(words));
      if (found.length === 1) return found[0];
    }
    return null;
  }

  function contentOf(field) {
    const control = field.controls[0];
    if (isChoice(control)) return optionText(field.controls.find((choice) => choice.checked));
    if (control.tagName === "SELECT") return control.value ? control.selectedOptions[0].text.trim() : "";
    return field.controls
      .map((part) => part.value.trim())
      .join(field.isParts ? "/" : "")
      .replace(/^\/+/, "");
  }

  const optionText = (choice) => (choice ? (choice.labels?.[0]?.textContent ?? choice.value).trim() : "");

  function write(control, words) {
    control.focus({ preventScroll: true });
    setOf(control, "value").call(control, words);
    for (const event of ["input", "change"]) control.dispatchEvent(new Event(event, { bubbles: true }));
    control.blur();
  }

  async function put(field, words) {
    const [control] = field.controls;
    const isDrawn = control.tagName === "SELECT" && !isShown(control); // the page shows a list of its own in its place
    if (isDrawn || control.type === "checkbox" || control.getAttribute("role") === "combobox") {
      return "trang có danh sách riêng";
    }
    if (isChoice(control) || control.tagName === "SELECT") {
      const option = await waitFor(() => optionOf(field, words[0]), control.tagName === "SELECT");
      if (!option) return `không có “${words[0].slice(0, 40)}”`;
      if (isChoice(control)) option.click();
      else write(control, option.value);
      return "";
    }
    field.controls.forEach((part, place) => {
      write(part, words[place]);
    });
    return "";
  }

  async function waitFor(find, isLate) {
    for (let waited = 0; isLate && !find() && waited < LONGEST_WAIT; waited += QUIET) await pause(QUIET);
    return find();
  }

  const pause = (time) => new Promise((done) => setTimeout(done, time));

  async function waitUntilQuiet() {
    let last = performance.now();
    const start = last;
    const watch = new MutationObserver(() => {
      last = performance.now();
    });
    watch.observe(document.body, { childList: true, subtree: true });
    while (performance.now() - last < QUIET && performance.now() - start < LONGEST_WAIT) await pause(50);
    watch.disconnect();
  }

  function mark(control) {
    const word = document.createElement("span");
    word.textContent = "đã điền";
    word.style.cssText = "margin-left:.4em;color:#4a3200;font-weight:700;font-size:.8em";
    const last = isChoice(control) ? (control.labels?.[0] ?? control) : control;
    last.after(word);
    last.style.setProperty("background-color", "#fff0c9", "important");
    last.style.setProperty("outline", "2px solid #9a6b00", "important");
    return () => {
      word.remove();
      last.style.removeProperty("background-color");
      last.style.removeProperty("outline");
    };
  }

  async function fillRow(row, order) {
    if (row.byHand) return { reason: "chọn theo danh sách" };
    const { field, reason } = locate(row, order);
    if (!field) return { reason };
    const content = contentOf(field);
    if (content) return filled.get(row.name)?.written === content ? { kept: true } : { present: content };
    if (field.controls.some((part) => part.disabled || part.readOnly)) return { reason: "trang khóa ô này" };
    const made = wordsFor(row, field);
    if (made.reason) return made;
    const fault = await put(field, made.words);
    if (fault) return { reason: fault };
    if (row.rebuilds) await waitUntilQuiet();
    return { written: true };
  }

  async function fill(order) {
    for (const entry of filled.values()) {
      if (entry.receipt !== order.receipt && entry.control.isConnected) return { state: "other-case" };
    }
    const usable = order.rows.filter((row) => !row.byHand);
    const found = usable.filter((row) => locate(row, order).field).length;
    if (found * 2 < usable.length) return { state: "stale", report: { filled: [], missing: [], present: [] } };
    const outcomes = new Map();
    for (const row of order.rows) outcomes.set(row, await fillRow(row, order));
    await waitUntilQuiet();
    for (const row of order.rows) {
      if (outcomes.get(row).written && !contentOf(locate(row, order).field ?? { controls: [{ value: "" }] })) {
        outcomes.set(row, await fillRow(row, order)); // a late rebuild of the page has emptied it
      }
    }
    await waitUntilQuiet();
    return { state: "filled", report: reportOf(order, outcomes) };
  }

  function reportOf(order, outcomes) {
    const report = { filled: [], missing: [], present: [] };
    for (const [row, outcome] of outcomes) {
      const { field } = outcome.written || outcome.kept ? locate(row, order) : {};
      const content = field ? contentOf(field) : "";
      const shown = { title: row.title, value: row.value };
      if (outcome.present) report.present.push({ ...shown, isEqual: fold(outcome.present) === fold(row.value) });
      else if (outcome.reason) report.missing.push({ ...shown, reason: outcome.reason });
      else if (!content) report.missing.push({ ...shown, reason: "trang đã xóa mất" });
      else {
        const control = field.controls.find((part) => part.checked) ?? field.controls[0];
        filled.get(row.name)?.unmark();
        const entry = { receipt: order.receipt, row, control, written: content, unmark: mark(control), order };
        filled.set(row.name, entry);
        const isCut = control.tagName === "INPUT" && control.type === "text" && content.length < row.value.length;
        if (isCut && !field.isParts) report.missing.push({ ...shown, reason: "trang đã cắt bớt" });
        else report.filled.push(shown);
      }
    }
    return report;
  }

  /* Empties what this script has filled; leaves choices, and boxes that somebody has changed since. */
  function clear() {
    for (const { row, order, written, unmark } of filled.values()) {
      const { field } = locate(row, order);
      unmark();
      if (!field || contentOf(field) !== written) continue;
      if (isChoice(field.controls[0])) continue; // nobody can empty it by hand, and the page builds blocks by it
      for (const control of field.controls) write(control, "");
    }
    filled.clear();
    return { state: "cleared", report: { filled: [], missing: [], present: [] } };
  }

  return { fill, clear };
})();
