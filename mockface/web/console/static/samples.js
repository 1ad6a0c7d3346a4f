// The sample pack of the page: pictures that are drawn or put together here, of nobody. Each gives a File when asked.
const SIDE = 240;

function drawn() {
  const canvas = document.createElement("canvas");
  canvas.width = SIDE;
  canvas.height = SIDE * 1.25;
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#cfe3e0";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  const blob = (color, x, y, width, height) => {
    pen.fillStyle = color;
    pen.beginPath();
    pen.ellipse(x, y, width, height, 0, 0, 2 * Math.PI);
    pen.fill();
  };
  blob("#0a6b5d", 120, 320, 105, 90);
  blob("#2d2a2a", 120, 118, 70, 82);
  blob("#e7c3a4", 120, 138, 56, 70);
  blob("#2d2a2a", 100, 130, 6, 7);
  blob("#2d2a2a", 140, 130, 6, 7);
  pen.strokeStyle = "#9c5b45";
  pen.lineWidth = 4;
  pen.beginPath();
  pen.arc(120, 160, 18, 0.2 * Math.PI, 0.8 * Math.PI);
  pen.stroke();
  return canvas;
}

function encoded(type, name) {
  return () => new Promise((done) => drawn().toBlob((blob) => done(new File([blob], name, { type })), type, 0.85));
}

/** A BMP of 24 bits, its rows from the bottom up. */
function bmp() {
  const canvas = drawn();
  const { width, height } = canvas;
  const pixels = canvas.getContext("2d").getImageData(0, 0, width, height).data;
  const line = Math.ceil((width * 3) / 4) * 4;
  const bytes = new Uint8Array(54 + line * height);
  const head = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  for (const [at, value] of [[2, bytes.length], [10, 54], [14, 40], [18, width], [22, height], [34, line * height]]) head.setUint32(at, value, true);
  head.setUint16(26, 1, true);
  head.setUint16(28, 24, true);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const from = ((height - 1 - y) * width + x) * 4;
      bytes.set([pixels[from + 2], pixels[from + 1], pixels[from]], 54 + y * line + x * 3);
    }
  }
  return new File([bytes], "face.bmp", { type: "image/bmp" });
}

const GIF = [71, 73, 70, 56, 57, 97, 1, 0, 1, 0, 128, 0, 0, 10, 107, 93, 255, 255, 255, 44, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 68, 1, 0, 59];
const TOO_LARGE = 7 * 1024 * 1024;

async function large() {
  const small = await encoded("image/jpeg", "large.jpg")();
  return new File([small, new Uint8Array(TOO_LARGE - small.size)], "large.jpg", { type: "image/jpeg" });
}

/** Every sample: its name, and what makes its File. */
export const SAMPLES = {
  "face.jpg": encoded("image/jpeg", "face.jpg"),
  "face.png": encoded("image/png", "face.png"),
  "face.webp": encoded("image/webp", "face.webp"),
  "face.bmp": async () => bmp(),
  "face.gif": async () => new File([new Uint8Array(GIF)], "face.gif", { type: "image/gif" }),
  "text.jpg": async () => new File(["this is no picture\n"], "text.jpg", { type: "image/jpeg" }),
  "large.jpg": large,
};
