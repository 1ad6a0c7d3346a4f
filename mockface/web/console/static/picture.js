// The picture of a call: by URL, by file, by camera, of the sample pack, or none. It stays in the page until it is sent.
import { button, field, fill, h, option } from "./dom.js";
import { SAMPLES } from "./samples.js";
import { bytes, t } from "./text.js";

export const SOURCES = ["url", "sample", "upload", "camera", "none"];
/** Where no URL is taken: pictures alone, which go in base64. */
export const PICTURES = ["sample", "upload", "camera", "none"];
const PREVIEW = 160;

/** A chooser: { node, get(): { form, url?, file? }, close() }; the form is "file" or "base64". `none` says what no picture gets. */
export function pictureChooser(sources = SOURCES, none = "source.none_hint") {
  const state = { source: sources[0], url: "http://example.com/face.jpg", file: null, form: sources.includes("url") ? "file" : "base64" };
  let stream = null;
  let turn = 0;
  const place = h("div", { class: "from" });
  const preview = h("div", { class: "preview" });
  const form = h("div");
  const node = h(
    "fieldset",
    { class: "picture" },
    h("legend", {}, t("try.picture")),
    h("div", { class: "choices" }, sources.map((source) =>
      h("label", {}, h("input", { type: "radio", name: "source", value: source, checked: source === state.source, on: { change: () => choose(source) } }), h("span", {}, t(`source.${source}`))))),
    place,
    preview,
    form,
  );

  function stop() {
    if (stream) for (const track of stream.getTracks()) track.stop();
    stream = null;
  }

  function choose(source) {
    stop();
    state.source = source;
    state.file = null;
    turn += 1;
    fill(preview);
    fill(place, { url: byUrl, sample: bySample, upload: byUpload, camera: byCamera, none: () => h("p", { class: "hint" }, t(none)) }[source]());
    fill(form, sources.includes("url") && !["url", "none"].includes(source) && sentAs());
  }

  function byUrl() {
    return field(t("source.url_label"), h("input", { type: "text", inputmode: "url", class: "mono", value: state.url, on: { input: (event) => { state.url = event.target.value; } } }), t("source.url_hint"));
  }

  function bySample() {
    const pick = async (name) => show(await SAMPLES[name]());
    pick("face.jpg");
    return field(t("source.sample_label"), h("select", { on: { change: (event) => pick(event.target.value) } }, Object.keys(SAMPLES).map((name) => option(name, `${name} – ${t(`sample.${name}`)}`))));
  }

  function byUpload() {
    return field(t("source.upload_label"), h("input", { type: "file", accept: "image/*", on: { change: (event) => show(event.target.files[0] || null) } }));
  }

  function byCamera() {
    const here = turn;
    const video = h("video", { autoplay: true, playsinline: true, muted: true, class: "camera", "aria-label": t("source.camera") });
    const box = h("div", {}, h("p", { class: "hint" }, t("camera.private")));
    if (!navigator.mediaDevices) {
      box.append(h("p", { class: "fault", role: "alert" }, t("camera.insecure")));
      return box;
    }
    navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480 } }).then(
      (came) => {
        if (here !== turn) {
          for (const track of came.getTracks()) track.stop();
          return;
        }
        stream = came;
        const taking = button(t("camera.take"), () => take(video), { kind: "primary", disabled: true });
        // Before its first frame a camera has a picture of no size.
        video.addEventListener("loadeddata", () => { taking.disabled = false; });
        video.srcObject = came;
        box.append(video, taking);
      },
      (fault) => box.append(h("p", { class: "fault", role: "alert" }, t("camera.refused", { why: fault.message }))),
    );
    return box;
  }

  function take(video) {
    const canvas = document.createElement("canvas");
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.getContext("2d").drawImage(video, 0, 0);
    canvas.toBlob((blob) => {
      stop();
      show(new File([blob], "face.jpg", { type: "image/jpeg" }));
      fill(place, h("p", { class: "hint" }, t("camera.private")), button(t("camera.again"), () => choose("camera")));
    }, "image/jpeg", 0.9);
  }

  /** Draw it small: a canvas needs no address, so the picture gets none. */
  async function show(file) {
    const here = turn;
    state.file = file;
    if (!file) return fill(preview);
    const canvas = h("canvas", { role: "img", "aria-label": t("try.preview") });
    try {
      const bitmap = await createImageBitmap(file);
      const scale = Math.min(1, PREVIEW / Math.max(bitmap.width, bitmap.height));
      canvas.width = Math.max(1, bitmap.width * scale);
      canvas.height = Math.max(1, bitmap.height * scale);
      canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    } catch {
      canvas.width = 0;
    }
    if (here !== turn) return null;
    const save = button(t("try.save"), () => download(file), { kind: "small" });
    return fill(preview, canvas.width > 0 && canvas, h("div", {}, h("p", { class: "mono" }, `${file.name} · ${bytes(file.size)}`), save));
  }

  function sentAs() {
    return field(t("try.sent_as"), h("select", { on: { change: (event) => { state.form = event.target.value; } } }, option("file", t("sent.file"), state.form === "file"), option("base64", t("sent.base64"), state.form === "base64")));
  }

  choose(sources[0]);
  return {
    node,
    close: stop,
    get() {
      if (state.source === "url") return { form: "url", url: state.url };
      return state.file ? { form: state.form, file: state.file } : { form: "none" };
    },
  };
}

function download(file) {
  const address = URL.createObjectURL(file);
  h("a", { href: address, download: file.name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
