/* Pictures before they are sent: what a file is, by its bytes; turning, cropping and shrinking on a canvas.

   An edit is { turns, crop }: quarter turns to the right, and the kept part, as shares of the turned picture. */

export const WHOLE = { left: 0, top: 0, right: 1, bottom: 1 };
export const UNEDITED = { turns: 0, crop: WHOLE };
const QUALITY = 0.9;
const HEIC = ["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1", "avif"];
const BEGINNINGS = [
  ["%PDF-", "pdf"],
  ["\xff\xd8\xff", "picture"],
  ["\x89PNG\r\n\x1a\n", "picture"],
];

/* Return "picture", "pdf", "heic" or "other"; the name of a file says nothing. */
export async function kindOf(file) {
  const bytes = String.fromCharCode(...new Uint8Array(await file.slice(0, 12).arrayBuffer()));
  if (bytes.slice(4, 8) === "ftyp" && HEIC.includes(bytes.slice(8))) return "heic";
  return BEGINNINGS.find(([beginning]) => bytes.startsWith(beginning))?.[1] ?? "other";
}

/* Decode a picture, upright as its camera says. */
export const decode = (file) => createImageBitmap(file, { imageOrientation: "from-image" });

export const isUnedited = ({ turns, crop }) =>
  turns === 0 && Object.keys(WHOLE).every((side) => crop[side] === WHOLE[side]);

/* Turn an edit to the right by quarters; the same part of the picture stays. */
export function turn({ turns, crop }, quarters) {
  let part = crop;
  for (let n = 0; n < quarters; n += 1)
    part = { left: 1 - part.bottom, top: part.left, right: 1 - part.top, bottom: part.right };
  return { turns: (turns + quarters) % 4, crop: part };
}

/* Draw a picture as edited, its long edge at most so many pixels; never larger than it is. */
export function draw(picture, { turns, crop }, longEdge, canvas = document.createElement("canvas")) {
  const [wide, high] = turns % 2 ? [picture.height, picture.width] : [picture.width, picture.height];
  const width = Math.max(1, Math.round((crop.right - crop.left) * wide));
  const height = Math.max(1, Math.round((crop.bottom - crop.top) * high));
  const scale = Math.min(1, longEdge / Math.max(width, height));
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = "high";
  pen.scale(canvas.width / width, canvas.height / height);
  pen.translate(wide / 2 - Math.round(crop.left * wide), high / 2 - Math.round(crop.top * high));
  pen.rotate((turns * Math.PI) / 2);
  pen.drawImage(picture, -picture.width / 2, -picture.height / 2);
  return canvas;
}

/* Rejects where the browser has no memory for the picture. */
export const jpegOf = (canvas) =>
  new Promise((done, fail) => {
    canvas.toBlob((jpeg) => (jpeg ? done(jpeg) : fail(new Error("no picture"))), "image/jpeg", QUALITY);
  });
