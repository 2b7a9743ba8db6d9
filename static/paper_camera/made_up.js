/* Made-up paper of practice in place of the camera's picture: it slides onto a dark tray and stays. */

const WIDTH = 1600,
  HEIGHT = 1200,
  SLIDE = 1200, // ms
  TILT = 0.04,
  LINES = 17;

/* Return a picture source as the camera is one: `width`, `height`, `draw`. */
export function madeUpPaper(title) {
  const paper = Object.assign(document.createElement("canvas"), { width: 760, height: 1075 });
  const pen = paper.getContext("2d");
  pen.fillStyle = "#ece8de";
  pen.fillRect(0, 0, paper.width, paper.height);
  pen.fillStyle = "#2a2438";
  pen.font = "700 54px 'Noto Sans', sans-serif";
  pen.textAlign = "center";
  pen.fillText(title, paper.width / 2, 150);
  pen.font = "500 26px 'Noto Sans', sans-serif";
  pen.textAlign = "left";
  for (let line = 0; line < LINES; line += 1) {
    const dots = ".".repeat(34 + ((line * 7) % 13));
    pen.fillText(`${line + 1}. ${title}: ${dots}`, 80, 240 + line * 44);
  }
  const begun = performance.now();
  return {
    width: WIDTH,
    height: HEIGHT,
    stop() {},
    draw(canvas, wide, high) {
      const left = Math.max(0, 1 - (performance.now() - begun) / SLIDE);
      canvas.save();
      canvas.scale(wide / WIDTH, high / HEIGHT);
      canvas.fillStyle = "#382c44";
      canvas.fillRect(0, 0, WIDTH, HEIGHT);
      canvas.translate(WIDTH / 2 + left * 300, HEIGHT / 2 + left * HEIGHT);
      canvas.rotate(TILT);
      canvas.drawImage(paper, -paper.width / 2, -paper.height / 2);
      canvas.restore();
    },
  };
}
