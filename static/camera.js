/* Document camera at the desk: shows its picture; each press sends one photo through the tray of the page.

   The camera stays open for the next page of the paper. Without a camera, without permission, or without a secure
   context (https, or localhost) only the form is shown. */

import { trayOf } from "./desk/tray.js";

const find = (selector) => document.querySelector(selector);
const box = find("[data-camera]"),
  eye = find("[data-eye]"),
  said = find("[data-said]"),
  which = find("[data-which]");
const opener = find("[data-open]"),
  shooter = find("[data-shoot]"),
  closer = find("[data-shut]"),
  form = find("[data-tray]");
const KEY = "F9",
  QUALITY = 0.92;
let stream = null,
  isBusy = false;

function stopCamera() {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  for (const part of [eye, shooter, closer]) part.hidden = true;
  said.textContent = "";
}

async function startCamera() {
  stopCamera();
  const wanted = which.value ? { deviceId: { exact: which.value } } : {};
  try {
    stream = await navigator.mediaDevices.getUserMedia({
      video: { ...wanted, width: { ideal: 3840 }, height: { ideal: 2160 } },
    });
  } catch {
    said.textContent = "Chưa thấy máy chụp, hoặc trình duyệt chưa cho dùng. Vẫn chọn được tệp ở dưới.";
    return;
  }
  eye.srcObject = stream;
  for (const part of [eye, shooter, closer]) part.hidden = false;
  said.textContent = "Đặt giấy dưới máy chụp cho đủ bốn góc.";
  const cameras = (await navigator.mediaDevices.enumerateDevices()).filter((one) => one.kind === "videoinput");
  which.closest("label").hidden = cameras.length < 2;
  const now = stream.getVideoTracks()[0].getSettings().deviceId;
  which.replaceChildren(
    ...cameras.map((one, n) => new Option(one.label || `Máy ${n + 1}`, one.deviceId, false, one.deviceId === now)),
  );
}

async function takePhoto() {
  if (!stream || isBusy || !eye.videoWidth) return;
  isBusy = true;
  const picture = Object.assign(document.createElement("canvas"), { width: eye.videoWidth, height: eye.videoHeight });
  picture.getContext("2d").drawImage(eye, 0, 0);
  const photo = await new Promise((done) => picture.toBlob(done, "image/jpeg", QUALITY));
  isBusy = false;
  if (!photo) {
    said.textContent = "Trình duyệt không đủ bộ nhớ cho ảnh này. Mời đóng bớt trang khác, rồi bấm Chụp và giữ.";
    return;
  }
  await trayOf(form).add([photo], "", true);
}

function connect() {
  if (navigator.mediaDevices?.getUserMedia) box.hidden = false;
  which.closest("label").hidden = true;
  opener.addEventListener("click", startCamera);
  which.addEventListener("change", startCamera);
  shooter.addEventListener("click", takePhoto);
  closer.addEventListener("click", stopCamera);
  addEventListener("keydown", (event) => {
    if (event.key === KEY && !event.repeat) {
      event.preventDefault();
      takePhoto();
    }
  });
  addEventListener("desk-locked", stopCamera);
  addEventListener("pagehide", stopCamera);
}

if (box) connect();
