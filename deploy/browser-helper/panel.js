/* Panel over a page: says what was filled in and what is left, and copies one answer at a press. */

const find = (id) => document.getElementById(id);
const nonce = location.hash.slice(1);
const WORDS = {
  empty: "Chưa có hồ sơ. Mở một hồ sơ ở trang quầy, rồi bấm nút Điền giúp.",
  taken: "Đã lấy hồ sơ. Sang trang cần điền, bấm nút Điền giúp lần nữa.",
  "no-case": "Trang này chưa mở hồ sơ nào. Gọi số hoặc mở hồ sơ rồi bấm lại.",
  "not-listed": "Địa chỉ này không có trong danh sách. Máy không điền gì.",
  unknown: "Máy chưa biết tên ô của thủ tục này. Chép từng ô ở dưới.",
  stale: "Trang này khác bản máy biết. Máy không điền ô nào. Chép từng ô ở dưới.",
  "other-case": "Trang còn chữ của hồ sơ khác. Bấm Xóa ô vàng rồi Điền lại.",
  cleared: "Đã xóa chữ máy điền. Ô cán bộ tự gõ và nút tròn vẫn còn.",
  failed: "Chưa làm được. Tải lại trang rồi bấm nút Điền giúp.",
};
const WITH_ACTS = new Set(["filled", "other-case", "cleared"]);

async function ask(act) {
  find("words").textContent = "Đang xem trang này…";
  const answer = await chrome.runtime.sendMessage({ act, nonce });
  if (answer) show(answer);
}

function show({ state, form, at, report }) {
  const { filled = [], missing = [], present = [], rest = [] } = report ?? {};
  find("words").textContent = WORDS[state] ?? `Đã điền ${filled.length} ô, tô vàng. Xem từng ô vàng rồi mới gửi.`;
  find("words").dataset.state = state;
  find("case").hidden = !form;
  if (form) {
    const time = new Date(at).toLocaleTimeString("vi-VN", { hour: "numeric", minute: "2-digit" });
    find("case").querySelector("h2").textContent = `Hồ sơ ${form.receiptNo}`;
    find("case").querySelector("p").textContent = `Thủ tục ${form.procedureCode}, lấy từ trang quầy lúc ${time}`;
  }
  find("missing").hidden = !missing.length;
  find("missing").querySelector("h2").textContent = `Chưa điền được ${missing.length} ô`;
  find("missing")
    .querySelector("ol")
    .replaceChildren(...missing.map(copyRow));
  find("rest").hidden = !rest.length;
  find("rest").querySelector("summary").textContent = `${rest.length} câu khác của tờ khai`;
  find("rest")
    .querySelector("ol")
    .replaceChildren(...rest.map((row) => copyRow(row, Infinity)));
  const differ = present.filter((row) => !row.isEqual).map((row) => row.title);
  find("present").hidden = !present.length;
  find("present").querySelector("h2").textContent = `${present.length} ô đã có chữ sẵn, máy không đè`;
  find("present").querySelector("p").textContent = differ.length
    ? `Khác tờ khai, xem lại: ${differ.join(", ")}.`
    : "Giống tờ khai.";
  find("acts").hidden = !WITH_ACTS.has(state);
  if (WITH_ACTS.has(state)) find("again").focus({ preventScroll: true });
}

function copyRow({ title, value, reason }, place) {
  const row = document.createElement("li");
  const words = document.createElement("div");
  const name = document.createElement("strong");
  const why = document.createElement("span");
  const button = document.createElement("button");
  name.textContent = title;
  why.textContent = reason;
  words.append(name, why);
  button.type = "button";
  button.textContent = "Chép ô này";
  button.setAttribute("aria-label", `Chép ${title}`);
  if (place < 9) button.append(Object.assign(document.createElement("kbd"), { textContent: place + 1 }));
  button.addEventListener("click", () => copy(value, button));
  row.append(words, button);
  return row;
}

async function copy(value, button) {
  for (const earlier of document.querySelectorAll(".copied")) earlier.classList.remove("copied");
  try {
    await navigator.clipboard.writeText(value);
    button.classList.add("copied");
  } catch {
    find("words").textContent = "Trình duyệt không cho chép. Chép ở trang quầy.";
  }
}

find("close").addEventListener("click", () => ask("close"));
find("again").addEventListener("click", () => ask("fill"));
find("clear").addEventListener("click", () => ask("clear"));
addEventListener("keydown", (event) => {
  if (event.key === "Escape") ask("close");
  if (!event.ctrlKey && !event.altKey && /^[1-9]$/.test(event.key)) {
    document.querySelectorAll("#missing button")[event.key - 1]?.click();
  }
});
ask("fill");
