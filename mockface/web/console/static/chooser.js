// What a call carries as a file: by URL, of the samples, by file, by camera, or nothing. It stays in the page until it is sent.
import { button, field, fill, h, option } from "./dom.js";
import { bytes, t } from "./text.js";

export const SOURCES = ["url", "sample", "upload", "camera", "none"];

/**
 * A chooser: { node, get(): { url?, file?, form }, close() }; the form is "file" or "base64".
 *
 * `field` is the field that it is for, `legend` its words; `url` says whether a URL is taken, `forms` whether the reader
 * chooses how the file is sent, `none` what nothing gets, `begin` is the first source. `kind` is a kind of files: { name, url: a usual address, samples: { name: () => File },
 * accept, camera(stop): what shows the camera, shown(file): what shows a file, or null }.
 */
export function chooser(kind, { field: of, legend, url = false, forms = false, none = "", begin = "" }) {
  const sources = SOURCES.filter((source) => url || source !== "url");
  const state = { source: begin || sources[0], url: kind.url, file: null, form: "file" };
  let turn = 0;
  let stop = () => {};
  const place = h("div", { class: "from" });
  const preview = h("div", { class: "preview" });
  const form = h("div");
  const group = of === "image" || of === "ImageBase64" ? "source" : `source-${of}`;
  const node = h(
    "fieldset",
    { class: "picture", "data-field": of },
    h("legend", {}, legend),
    h("div", { class: "choices" }, sources.map((source) =>
      h("label", {}, h("input", { type: "radio", name: group, value: source, checked: source === state.source, on: { change: () => choose(source) } }), h("span", {}, t(`source.${source}`))))),
    place,
    preview,
    form,
  );

  function choose(source) {
    stop();
    stop = () => {};
    state.source = source;
    state.file = null;
    turn += 1;
    fill(preview);
    fill(place, { url: byUrl, sample: bySample, upload: byUpload, camera: byCamera, none: () => h("p", { class: "hint" }, none) }[source]());
    fill(form, forms && !["url", "none"].includes(source) && sentAs());
  }

  function byUrl() {
    return field(t(`${kind.name}.url_label`), h("input", { type: "text", inputmode: "url", class: "mono", value: state.url, on: { input: (event) => { state.url = event.target.value; } } }), t("source.url_hint"));
  }

  function bySample() {
    const names = Object.keys(kind.samples);
    const pick = async (name) => {
      const here = turn;
      const file = await kind.samples[name]();
      if (here === turn) show(file);
    };
    pick(names[0]);
    return field(t(`${kind.name}.sample_label`), h("select", { on: { change: (event) => { turn += 1; pick(event.target.value); } } }, names.map((name) => option(name, `${name} – ${t(`sample.${name}`)}`))));
  }

  function byUpload() {
    return field(t(`${kind.name}.upload_label`), h("input", { type: "file", accept: kind.accept, on: { change: (event) => show(event.target.files[0] || null) } }));
  }

  function byCamera() {
    const here = turn;
    const box = h("div", {}, h("p", { class: "hint" }, t("camera.private")));
    if (!navigator.mediaDevices || (kind.recorder && !window.MediaRecorder)) {
      box.append(h("p", { class: "fault", role: "alert" }, t(navigator.mediaDevices ? "camera.no_recorder" : "camera.insecure")));
      return box;
    }
    navigator.mediaDevices.getUserMedia(kind.wanted).then(
      (stream) => {
        const end = () => { for (const track of stream.getTracks()) track.stop(); };
        if (here !== turn) return end();
        stop = end;
        return box.append(kind.camera(stream, (file) => {
          end();
          if (here !== turn) return;
          show(file);
          fill(place, h("p", { class: "hint" }, t("camera.private")), button(t(`${kind.name}.again`), () => choose("camera")));
        }));
      },
      (fault) => box.append(h("p", { class: "fault", role: "alert" }, t("camera.refused", { why: fault.message }))),
    );
    return box;
  }

  async function show(file) {
    const here = turn;
    state.file = file;
    if (!file) return fill(preview);
    const seen = await kind.shown(file);
    if (here !== turn) return null;
    const save = button(t("try.save"), () => download(file), { kind: "small" });
    return fill(preview, seen, h("div", {}, h("p", { class: "mono" }, `${file.name} · ${bytes(file.size)}`), kind.note && kind.note(file), save));
  }

  function sentAs() {
    return field(t("try.sent_as"), h("select", { on: { change: (event) => { state.form = event.target.value; } } }, option("file", t("sent.file"), state.form === "file"), option("base64", t("sent.base64"), state.form === "base64")));
  }

  choose(state.source);
  return {
    field: of,
    node,
    close: () => stop(),
    get() {
      if (state.source === "url") return { url: state.url };
      return state.file ? { file: state.file, form: state.form, sample: state.source === "sample" } : {};
    },
  };
}

function download(file) {
  const address = URL.createObjectURL(file);
  h("a", { href: address, download: file.name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
