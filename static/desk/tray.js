/* Tray of files for the papers of a case: shown at once, turned, cropped and ordered; then sent one by one.

   A file that fails says why in its place and can be sent again; the others go on. Nothing is kept in the browser: a
   page with unsent files asks before it is left. */

import { crop } from "./crop.js";
import { find, findAll } from "./page.js";
import { decode, draw, isUnedited, jpegOf, kindOf, turn, UNEDITED } from "./picture.js";
import { showKept } from "./tray_page.js";
import { upload } from "./upload.js";

const PREVIEW_EDGE = 1600,
  THUMB_EDGE = 240,
  PERCENT = 100;
/* A picture of the right size with so few bytes is sent as it is: coding it again only loses quality. */
const LIGHT_BYTES = 1_500_000;
const GONE = "Không còn đọc được tệp này. Mời cắm lại thẻ nhớ hoặc USB, rồi chọn lại tệp.";
const NO_MEMORY = "Trình duyệt không đủ bộ nhớ cho ảnh này. Mời đóng bớt trang khác, rồi bấm Gửi lại.";
/* States of a file: ready, waiting for its turn, sending, sent without an answer, kept, failed, refused here. */
const MAY_EDIT = ["ready", "failed"];
const MAY_REMOVE = ["ready", "failed", "unknown", "refused"];
const MAY_CLEAR = [...MAY_REMOVE, "opening"];
const NEEDS_OFFICER = ["ready", "failed", "unknown"];
const trays = new Map();

export const trayOf = (form) => trays.get(form) ?? new Tray(form);
const count = (amount) => `${amount} tệp`;
const isReadable = (blob) =>
  blob
    .slice(0, 1)
    .arrayBuffer()
    .then(
      () => true,
      () => false,
    );

class Tray {
  files = [];
  added = Promise.resolve();
  isSending = false;

  constructor(form) {
    trays.set(form, this);
    this.form = form;
    this.list = find("[data-tray-list]", form);
    this.box = form.closest("dialog");
    const chooser = find("[type=file]", form);
    // Its own words are the browser's language; the desk speaks Vietnamese.
    chooser.required = false;
    chooser.hidden = true;
    const opener = find("[data-tray-choose]", form);
    opener.hidden = false;
    opener.addEventListener("click", () => chooser.click());
    find("[data-tray-ways]", form).hidden = false;
    find("[data-tray-plain]", form).hidden = true;
    chooser.addEventListener("change", () => {
      this.add([...chooser.files]);
      chooser.value = "";
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send(this.files.filter(({ state }) => state === "ready"));
    });
    this.list.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-act]");
      const file = this.files.find(({ element }) => element.contains(button));
      if (file) this.act(file, button.dataset.act);
    });
    find("[data-tray-close]", form)?.addEventListener("click", () => this.clear());
    this.box?.addEventListener("cancel", (event) => {
      if (event.target === this.box && this.unsent()) event.preventDefault();
    });
    this.box?.addEventListener("close", () => this.showBoxIfNeeded());
    this.show();
  }

  /* The box stays open while a file needs the officer; some browsers close it at a second Esc. Another dialog, such as
     the lock, would be covered: the box waits for its end. */
  showBox() {
    if (!this.box || this.box.open) return;
    const other = find("dialog[open]");
    if (other) other.addEventListener("close", () => this.showBoxIfNeeded(), { once: true });
    else this.box.showModal();
  }

  showBoxIfNeeded() {
    if (this.files.some(({ state }) => NEEDS_OFFICER.includes(state))) this.showBox();
  }

  /* Files that the server does not have. */
  unsent() {
    return this.files.filter(({ state }) => !["kept", "refused"].includes(state)).length;
  }

  /* Show files in the tray, as many as it takes at a time; `address` is that of a paper. */
  add(blobs, address = "", isSentAtOnce = false) {
    this.showBox();
    // The preview of a picture takes 8 MB: a whole memory card would fill the browser.
    const most = Number(this.form.dataset.maxFiles);
    const shown = this.files.filter(({ state }) => state !== "refused").length;
    const taken = blobs.slice(0, Math.max(0, most - shown));
    const left = blobs.length - taken.length;
    const files = taken.map((blob) => this.insert(blob, address));
    this.say(left ? `Mỗi lần nhận nhiều nhất ${count(most)}: ${count(left)} chưa nhận. Gửi xong rồi chọn tiếp.` : "");
    this.show();
    this.added = this.added.then(async () => {
      // One at a time: a picture of 50 million pixels takes 200 MB while it is decoded.
      for (const file of files) await this.open(file);
      if (isSentAtOnce) this.send(files.filter(({ state }) => state === "ready"));
    });
    return this.added;
  }

  insert(blob, address) {
    const element = find("[data-tray-item]", this.form).content.cloneNode(true).firstElementChild;
    const file = { blob, element, edit: UNEDITED, state: "opening", preview: null, key: "", content: null };
    find("[data-name]", element).textContent = blob.name ?? "";
    if (address) find("[data-paper]", element).value = address;
    this.files.push(file);
    this.list.append(element);
    return file;
  }

  async open(file) {
    try {
      await this.look(file);
    } catch {
      this.set(file, "refused", GONE);
    }
  }

  async look(file) {
    const terms = this.form.dataset;
    const kind = await kindOf(file.blob);
    if (kind === "heic" || kind === "other") return this.set(file, "refused", terms[kind]);
    if (kind === "picture") {
      const picture = await decode(file.blob).catch(() => null);
      if (picture) {
        file.longEdge = Math.max(picture.width, picture.height);
        file.preview = draw(picture, UNEDITED, PREVIEW_EDGE);
        picture.close();
      }
    } else find("[data-picture]", file.element).append("PDF");
    if (!file.preview && file.blob.size > Number(terms.maxBytes)) return this.set(file, "refused", terms.tooLarge);
    this.showPicture(file);
    return this.set(file, "ready", "");
  }

  showPicture(file) {
    if (!file.preview) return;
    const canvas = draw(file.preview, file.edit, THUMB_EDGE);
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", "Hình thu nhỏ");
    find("[data-picture]", file.element).replaceChildren(canvas);
  }

  async act(file, act) {
    if (act === "again") return this.send([file]);
    if (act === "remove") return this.remove(file);
    if (act === "left") file.edit = turn(file.edit, 3);
    if (act === "right") file.edit = turn(file.edit, 1);
    if (act === "up" || act === "down") this.move(file, act === "up" ? -1 : 1);
    if (act === "crop") file.edit = (await crop(find("[data-crop]", this.form), file.preview, file.edit)) ?? file.edit;
    this.showPicture(file);
    this.show();
    // At the first or last place the pressed button is off, and the focus would be lost.
    const buttons = [act, "down", "up"].map((name) => find(`[data-act=${name}]`, file.element));
    buttons.find((button) => !button.disabled)?.focus();
    return undefined;
  }

  move(file, by) {
    const at = this.files.indexOf(file);
    this.files.splice(at, 1);
    this.files.splice(at + by, 0, file);
    this.list.replaceChildren(...this.files.map(({ element }) => element));
  }

  remove(file) {
    const at = this.files.indexOf(file);
    this.files.splice(at, 1);
    file.element.remove();
    this.show();
    const next = this.files[Math.min(at, this.files.length - 1)];
    (next ? find("[data-act=remove]", next.element) : find("[data-tray-choose]", this.form)).focus();
  }

  clear() {
    this.files = this.files.filter(({ state }) => !MAY_CLEAR.includes(state));
    this.list.replaceChildren(...this.files.map(({ element }) => element));
    this.show();
    this.box.close();
  }

  /* ---- sending ---- */

  async send(files) {
    if (files.length === 0) return;
    for (const file of files) this.set(file, "waiting", "Chờ đến lượt.");
    if (this.isSending) return;
    this.isSending = true;
    this.say("");
    for (let file = this.next(); file; file = this.next()) await this.sendFile(file);
    this.isSending = false;
    await this.end();
  }

  next() {
    return this.files.find(({ state }) => state === "waiting");
  }

  async sendFile(file) {
    this.set(file, "sending", "Đang thu nhỏ…");
    try {
      file.content ??= await this.contentOf(file);
    } catch {
      this.set(file, "failed", (await isReadable(file.blob)) ? NO_MEMORY : GONE);
      return;
    }
    file.key ||= crypto.randomUUID();
    const bar = find("progress", file.element);
    const outcome = await upload(find("[data-paper]", file.element).value, {
      content: file.content,
      csrf: find("[name=csrf]", this.form).value,
      key: file.key,
      onProgress: (share) => this.showProgress(file, bar, share),
      onWait: () => this.set(file, "sending", "Chờ kết nối. Tệp còn ở đây, máy tự gửi lại."),
    });
    if (outcome.isKept) return this.set(file, "kept", "Đã giữ.");
    if (outcome.isUnknown) return this.set(file, "unknown", outcome.reason);
    // The server refused it, so it has nothing of it: it may be changed, and the next try is a new post.
    file.key = "";
    file.content = null;
    return this.set(file, "failed", outcome.reason);
  }

  async contentOf({ blob, preview, longEdge, edit }) {
    await blob.slice(0, 1).arrayBuffer();
    const maxEdge = Number(this.form.dataset.maxEdge);
    if (!preview || (isUnedited(edit) && longEdge <= maxEdge && blob.size <= LIGHT_BYTES)) return blob;
    const picture = await decode(blob);
    const canvas = draw(picture, edit, maxEdge);
    picture.close();
    return jpegOf(canvas);
  }

  showProgress(file, bar, share) {
    bar.value = share;
    const words = share < 1 ? "Đang gửi…" : "Đã gửi. Máy đang mở tệp và vẽ lại từng trang…";
    if (find("[data-state]", file.element).textContent !== words) this.set(file, "sending", words);
    bar.textContent = `${Math.round(share * PERCENT)}%`;
  }

  async end() {
    const kept = this.files.filter(({ state }) => state === "kept");
    const failed = this.files.filter(({ state }) => ["failed", "unknown"].includes(state));
    this.files = this.files.filter(({ state }) => state !== "kept");
    for (const { element } of kept) element.remove();
    const words = [
      kept.length ? `Đã giữ ${count(kept.length)}` : "",
      failed.length ? `${count(failed.length)} chưa giữ` : "",
    ];
    this.say(`${words.filter(Boolean).join(", ")}.`);
    this.show();
    if (!kept.length) return;
    if (this.box && !this.files.length) this.box.close();
    await showKept(this.form, `Đã giữ ${count(kept.length)}.`);
  }

  /* ---- what is seen ---- */

  say(words) {
    find("[data-tray-said]", this.form).textContent = words;
  }

  set(file, state, words) {
    file.state = state;
    file.element.dataset.is = state;
    find("[data-state]", file.element).textContent = words;
    this.showBoxIfNeeded();
    this.show();
  }

  show() {
    this.list.hidden = this.files.length === 0;
    for (const [index, file] of this.files.entries()) this.showFile(file, index);
    const ready = this.files.filter(({ state }) => state === "ready").length;
    const button = find("[data-tray-send]", this.form);
    button.disabled = ready === 0;
    find("span", button).textContent = ready ? `Tải lên ${count(ready)}` : "Tải lên";
  }

  showFile({ element, state, preview }, index) {
    const number = index + 1;
    find("[data-number]", element).textContent = `${number}.`;
    for (const part of findAll("[data-label]", element)) {
      const words = `${part.dataset.label} ${number}`;
      if (part.matches("span")) part.textContent = words;
      else part.setAttribute("aria-label", words);
    }
    const isOpen = MAY_EDIT.includes(state);
    const may = {
      left: isOpen && preview,
      right: isOpen && preview,
      crop: isOpen && preview,
      up: isOpen && index > 0,
      down: isOpen && index < this.files.length - 1,
      remove: MAY_REMOVE.includes(state),
    };
    for (const [act, isAllowed] of Object.entries(may)) find(`[data-act=${act}]`, element).disabled = !isAllowed;
    for (const act of ["left", "right", "crop"]) find(`[data-act=${act}]`, element).hidden = !preview;
    find("[data-act=again]", element).hidden = !["failed", "unknown"].includes(state);
    find("[data-paper]", element).disabled = !isOpen;
    find("progress", element).hidden = state !== "sending";
  }
}

const isUnsent = () => [...trays.values()].some((tray) => tray.form.isConnected && tray.unsent());
let isEnded = false;
addEventListener("desk-ended", () => {
  isEnded = true;
});
addEventListener("beforeunload", (event) => {
  if (!isEnded && isUnsent()) event.preventDefault();
});
