// Pictures as a call carries them: samples, files, one of the camera.
import { button, h } from "./dom.js";
import { SAMPLES } from "./samples.js";
import { t } from "./text.js";

const PREVIEW = 160;

/** What shows the camera, and a button that takes the picture. */
function camera(stream, done) {
  const video = h("video", { autoplay: true, playsinline: true, muted: true, class: "camera", "aria-label": t("source.camera") });
  const taking = button(t("camera.take"), take, { kind: "primary", disabled: true });
  // Before its first frame a camera has a picture of no size.
  video.addEventListener("loadeddata", () => { taking.disabled = false; });
  video.srcObject = stream;

  function take() {
    const canvas = document.createElement("canvas");
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.getContext("2d").drawImage(video, 0, 0);
    canvas.toBlob((blob) => done(new File([blob], "face.jpg", { type: "image/jpeg" })), "image/jpeg", 0.9);
  }

  return h("div", {}, video, taking);
}

/** It is drawn small: a canvas needs no address, so the picture gets none. */
async function shown(file) {
  const canvas = h("canvas", { role: "img", "aria-label": t("try.preview") });
  try {
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(1, PREVIEW / Math.max(bitmap.width, bitmap.height));
    canvas.width = Math.max(1, bitmap.width * scale);
    canvas.height = Math.max(1, bitmap.height * scale);
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return canvas;
  } catch {
    return null;
  }
}

export const PICTURE = { name: "picture", url: "http://example.com/face.jpg", samples: SAMPLES, accept: "image/*", wanted: { video: { width: 640, height: 480 } }, camera, shown };
