// Videos as a call carries them: the samples of the server, files, one of the camera.
import { ROOT } from "./api.js";
import { button, field, fill, h, option } from "./dom.js";
import { bytes, t, told } from "./text.js";

/** The samples that `mockface samples` writes, and the kind that each is in Python. */
export const KINDS = {
  "live.mp4": "good",
  "live-mute.mp4": "mute",
  "live-small.mp4": "small",
  "live-rotated.mp4": "rotated",
  "live-truncated.mp4": "truncated",
  "live-audio.mp4": "audio",
  "live.flv": "flv",
  "live.webm": "webm",
};
const SECONDS = 4;
const TYPES = ["video/mp4", "video/webm"];

/** A sample video, as a file. */
export async function sample(name) {
  const answer = await fetch(`${ROOT}/_mockface/console/${name}`);
  if (!answer.ok) throw new Error(`${name}: HTTP ${answer.status}`);
  return new File([await answer.blob()], name, { type: answer.headers.get("content-type") });
}

/** What shows the camera, and a button that records for some seconds, in a container that the browser can write. */
function camera(stream, done) {
  const types = TYPES.filter((type) => MediaRecorder.isTypeSupported(type));
  const video = h("video", { autoplay: true, playsinline: true, muted: true, class: "camera", "aria-label": t("source.camera") });
  video.muted = true;
  video.srcObject = stream;
  const said = h("p", { class: "hint", role: "status" });
  const container = h("select", {}, types.map((type) => option(type, t(`video.${type}`))));
  const note = h("p", { class: "hint" });
  const tell = () => fill(note, container.value === "video/webm" && t("video.webm"));
  const recording = button(t("video.record", { seconds: SECONDS }), record, { kind: "primary" });
  container.addEventListener("change", tell);
  tell();

  function record() {
    recording.disabled = true;
    container.disabled = true;
    const type = container.value;
    const parts = [];
    const recorder = new MediaRecorder(stream, { mimeType: type });
    recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
    recorder.addEventListener("stop", () => {
      clearInterval(counting);
      done(new File(parts, `camera.${type.split("/")[1]}`, { type }));
    });
    let left = SECONDS;
    const count = () => fill(said, t("video.recording", { seconds: left }));
    count();
    const counting = setInterval(() => {
      left -= 1;
      if (left > 0) count();
      else if (recorder.state === "recording") recorder.stop();
    }, 1000);
    recorder.start();
  }

  return h("div", {}, video, field(t("video.container"), container), note, recording, said);
}

export const VIDEO = {
  name: "video",
  url: "http://example.com/live.mp4",
  recorder: true,
  samples: Object.fromEntries(Object.keys(KINDS).map((name) => [name, () => sample(name)])),
  accept: "video/*",
  wanted: { video: { width: 640, height: 480 }, audio: true },
  camera,
  shown: () => null,
  note: (file) => (file.name.endsWith(".webm") ? h("p", { class: "hint" }, t("video.webm")) : null),
};

/** What is known of a video, in a line: its container, pixels, seconds, sound, size. */
export function videoFacts(video) {
  const facts = [
    video.container || t("picture.unknown"),
    video.width > 0 && `${video.width} × ${video.height} px`,
    video.rotated > 0 && t("video.rotated", { degrees: video.rotated }),
    video.duration_s !== null && `${video.duration_s.toFixed(1)} ${t("unit.s")}`,
    video.has_video === false && t("video.no_pictures"),
    video.has_audio !== null && t(video.has_audio ? "video.sound" : "video.no_sound"),
    video.truncated && t("video.truncated"),
    t(`picture.${video.form}`),
    bytes(video.size_bytes),
    told(video, "fault"),
  ];
  return facts.filter(Boolean).join(" · ");
}

const LARGE = 3_000_000;

/** The sample that fares as this video does; null where none is like it. */
export function sampleLike(video) {
  if (video.fault || video.size_bytes > LARGE) return null;
  if (video.container === "WEBM") return "live.webm";
  if (video.container === "FLV") return "live.flv";
  if (video.container !== "MP4") return null;
  if (video.truncated) return "live-truncated.mp4";
  if (video.has_video === false) return "live-audio.mp4";
  const sides = [video.width, video.height].sort((one, other) => one - other);
  if (sides[0] > 0 && (sides[0] < 270 || sides[1] < 480)) return "live-small.mp4";
  return video.has_audio === false ? "live-mute.mp4" : "live.mp4";
}
