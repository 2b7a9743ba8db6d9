/* Upload of one file, with its progress. It is sent like any post of the desk: with a key, again after a fault. */

import { isAnswer, sendTwice } from "./sending.js";

const STALLED_AFTER = 60000,
  ANSWER_WITHIN = 150000;
const AWAY = [0, 502, 503, 504];
/* The server reads what a file is from its bytes; the officer's own name of it stays here. */
const SENT_NAME = "tep";

/* Resolve to the answer, or to null when there is none: the line broke, or stood still. */
function sendOnce(address, { content, csrf, key, onProgress }) {
  const request = new XMLHttpRequest();
  const body = new FormData();
  body.append("csrf", csrf);
  body.append("file", content, SENT_NAME);
  request.open("POST", address);
  request.setRequestHeader("Idempotency-Key", key);
  request.setRequestHeader("Accept", "application/json");
  let timer;
  const wait = (milliseconds) => {
    clearTimeout(timer);
    timer = setTimeout(() => request.abort(), milliseconds);
  };
  request.upload.onprogress = ({ loaded, total }) => {
    wait(STALLED_AFTER);
    onProgress(loaded / total);
  };
  request.upload.onload = () => {
    wait(ANSWER_WITHIN);
    onProgress(1);
  };
  wait(STALLED_AFTER);
  return new Promise((done) => {
    request.onloadend = () => {
      clearTimeout(timer);
      done(AWAY.includes(request.status) ? null : request);
    };
    request.send(body);
  });
}

function reasonOf(answer) {
  try {
    return JSON.parse(answer.responseText).bad.join(" ");
  } catch {
    return "Máy chưa giữ tệp này. Mời gửi lại, hoặc tải lại trang xem hồ sơ còn ở quầy không.";
  }
}

/* Send a file; resolve to { isKept, isUnknown, reason }. Without an answer it is not known whether the server has it:
   the same key finds out. */
export async function upload(address, { onWait, ...post }) {
  const answer = await sendTwice(() => sendOnce(address, post), onWait);
  if (answer === null)
    return { isUnknown: true, reason: "Mất kết nối nên chưa gửi xong. Tệp còn ở đây, bấm Gửi lại khi có kết nối." };
  if (answer.responseURL !== new URL(address, location.href).href)
    return { reason: "Phiên làm việc đã hết nên tệp này chưa gửi. Mời đăng nhập lại rồi chọn lại tệp." };
  const next = answer.getResponseHeader("Location");
  if (answer.status === 204 && next && !isAnswer(new URL(next, location.href))) return { isKept: true };
  return { reason: reasonOf(answer) };
}
