/* End of a service: keys 1 to 4, one line at a time, a search of services, the sum while it is typed.

   The server computes the sum that counts. */

import { find, findAll, fold } from "./page.js";

const MOST_FOUND = 6;
const lines = findAll("[data-line]");
const write = (amount) => `${String(amount).replace(/\B(?=(\d{3})+$)/g, ".")} đ`;
const number = (box) => (/^\d+$/.test(box.value.trim()) ? Number(box.value) : 0);

/* A digit answers only where nobody types: a number of copies is no answer. No service is chosen by a digit. */
const isTyped = (field) => field.matches("input:not([type=search], [type=radio]), textarea") || field.value;

addEventListener("keydown", (event) => {
  if (event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
  const field = event.target instanceof Element && event.target.closest("input:not([type=radio]), select, textarea");
  if (field && isTyped(field)) return;
  if (event.key === "+") find("[data-more]")?.click();
  const answer = find(`[data-answer="${CSS.escape(event.key)}"]`);
  if (!answer) return;
  event.preventDefault();
  if (answer.hash) find(answer.hash).focus();
  else answer.click();
});

function amountOf(line) {
  const option = find("select", line).selectedOptions[0];
  if (!option?.value) return 0;
  if (option.dataset.amount === "") return number({ value: find("[name=stated]", line).value.replaceAll(".", "") });
  const amount = Number(option.dataset.amount);
  const copies = number(find("[name=copies]", line));
  if (!option.dataset.pages) return amount * copies;
  const [first, then, most] = option.dataset.pages.split(" ").map(Number);
  const pages = number(find("[name=pages]", line));
  const low = Math.min(pages, first);
  return Math.min(most, amount * low + then * (pages - low)) * copies;
}

function show(line) {
  const option = find("select", line).selectedOptions[0];
  const chosen = Boolean(option?.value);
  find("[name=copies]", line).hidden = !chosen;
  find("[name=pages]", line).hidden = !option?.dataset.pages;
  find("[name=stated]", line).hidden = !chosen || option.dataset.amount !== "";
  find("[data-sum]", line).textContent = chosen && option.dataset.amount !== "" ? write(amountOf(line)) : "";
}

function update() {
  for (const line of lines) show(line);
  find("[data-total]").textContent = `${write(lines.reduce((sum, line) => sum + amountOf(line), 0))}ồng`;
  const chosen = lines.map((line) => find("select", line).selectedOptions[0]).filter((option) => option?.value);
  const rules = chosen.map((option) => `${option.textContent.trim()}: ${option.dataset.rule}`);
  find("[data-rules]").textContent = [...new Set(rules)].join(" ");
}

function openLine(service = "") {
  const shown = lines.find((line) => !line.hidden && !find("select", line).value);
  const line = shown ?? lines.find((one) => one.hidden);
  if (!line) return;
  line.hidden = false;
  const select = find("select", line);
  if (service) select.value = service;
  update();
  const pages = find("[name=pages]", line);
  (service ? (pages.hidden ? find("[name=copies]", line) : pages) : select).focus();
}

/* Services whose words hold all that was typed, without marks; Enter takes the first. */
function showFound(text) {
  const words = fold(text).split(/\s+/).filter(Boolean);
  const options = findAll("option[value]:not([value=''])", lines[0]);
  const matches = words.length
    ? options.filter((option) => words.every((word) => fold(option.textContent).includes(word)))
    : [];
  const buttons = matches.slice(0, MOST_FOUND).map((option) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: option.textContent });
    button.addEventListener("click", () => {
      find("#find-service").value = "";
      showFound("");
      openLine(option.value);
    });
    return button;
  });
  find("[data-found]").replaceChildren(...buttons);
  if (words.length && !matches.length) find("[data-found]").textContent = "Không thấy dịch vụ nào như thế.";
}

if (lines.length) {
  lines.slice(1).forEach((line) => {
    line.hidden = !find("select", line).value;
  });
  for (const button of findAll("[data-more], [data-quick]")) button.hidden = false;
  find("[data-more]").addEventListener("click", () => openLine());
  for (const button of findAll("[data-quick]")) button.addEventListener("click", () => openLine(button.dataset.quick));
  find("[data-finding]").hidden = false;
  find("#find-service").addEventListener("input", (event) => showFound(event.target.value));
  find("#find-service").addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    find("[data-found] button")?.click();
  });
  addEventListener("input", update);
  update();
  find("[aria-invalid]")?.focus();
}
