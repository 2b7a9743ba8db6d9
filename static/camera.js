/* Document camera at the desk: shows its picture, and sends one photo a press as the form would send a file.

   A file above the limit is not sent: the server would close the connection in the middle, and the browser would show
   an error of its own. Without a camera, without permission, or without a secure context (https, or localhost) only the
   form is shown. */

const find = (selector) => document.querySelector(selector);
const box = find("[data-camera]"),
  eye = find("[data-eye]"),
  said = find("[data-said]"),
  which = find("[data-which]");
const opener = find("[data-open]"),
  shooter = find("[data-shoot]"),
  form = find("[data-upload]");
const KEY = "F9",
  QUALITY = 0.92;
let stream = null,
  isBusy = false;

if (navigator.mediaDevices?.getUserMedia) box.hidden = false;
which.closest("label").hidden = true;

function stopCamera() {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
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
  eye.hidden = false;
  said.textContent = "Đặt giấy dưới máy chụp cho đủ bốn góc.";
  shooter.hidden = false;
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
  said.textContent = "Đang giữ…";
  const picture = Object.assign(document.createElement("canvas"), { width: eye.videoWidth, height: eye.videoHeight });
  picture.getContext("2d").drawImage(eye, 0, 0);
  const photo = await new Promise((done) => picture.toBlob(done, "image/jpeg", QUALITY));
  const carried = new DataTransfer();
  carried.items.add(new File([photo], "chup.jpg", { type: "image/jpeg" }));
  find("#file").files = carried.files;
  stopCamera();
  form.requestSubmit();
}

function checkSize(event) {
  const file = find("#file").files[0];
  const isTooLarge = file?.size > Number(form.dataset.limit);
  find("[data-too-large]").hidden = !isTooLarge;
  find("[data-sending]").hidden = isTooLarge || event.type !== "submit";
  if (isTooLarge) event.preventDefault();
}

form.addEventListener("submit", checkSize);
find("#file").addEventListener("change", checkSize);
opener.addEventListener("click", startCamera);
which.addEventListener("change", startCamera);
shooter.addEventListener("click", takePhoto);
addEventListener("keydown", (event) => {
  if (event.key === KEY && !event.repeat) {
    event.preventDefault();
    takePhoto();
  }
});
addEventListener("pagehide", stopCamera);
