// One call whole: why it got its code, its signature, its picture, what was sent and answered, and copies of it.
import { ROOT, api, once, post } from "./api.js";
import { code, copyButton, fill, h, icon, sentence, sentences, tabs } from "./dom.js";
import { codeChip, codesOf } from "./calls.js";
import { curl, levelsOf, pytest, scenario } from "./copies.js";
import { copies3, made3 } from "./copies3.js";
import { bytes, dateTime, language, meanings, span, t, told } from "./text.js";
import { base64, signedAnew } from "./signing.js";
import { isImageApi, urlFieldOf } from "./tryform.js";
import { sample, sampleLike, videoFacts } from "./video.js";

const SIGNS = { passed: "check", failed: "cross", "not reached": "dash" };
/** How a signature is broken on purpose so that it is refused as this one was. */
const BREAKAGES = {
  missing: "missing",
  malformed: "malformed",
  expired: "expired",
  "other target": "other_appid",
  replayed: "replayed",
  "wrong key": "wrong_key",
};

/** Fill `place` with the call. */
export async function callPanel(place, id, codes) {
  const [call, operations] = await Promise.all([api(`/calls/${id}`), once("/operations")]);
  const known = codes.of(call);
  const operation = operations.find((one) => one.name === call.operation);
  fill(place, top(call, known, codes), verdictOf(call), signatureOf(call), pictureOf(call, operation), videoOf(call, operation), oddOf(call), wire(call, operation), copies(call, known, operation));
}

function top(call, known, codes) {
  const [meaning, other] = meanings(known);
  const done = call.similarity !== null;
  return h(
    "div",
    { class: "top" },
    h("a", { class: "button small back", href: "#/calls" }, icon("back"), t("call.close")),
    h("h2", {}, codesOf(call, codes), h("span", {}, done ? `${t("similarity")} ${call.similarity.toFixed(1)}` : meaning)),
    !done && h("p", { class: "other", lang: language === "zh" ? "en" : "zh-CN" }, other),
    levels(call, codes),
    call.why && h("p", { class: "why" }, h("strong", {}, t("call.why")), " ", sentence("span", call, "why")),
    h("p", { class: "facts" }, `HTTP ${call.status} · ${dateTime(call.at)} · ${call.elapsed_ms.toFixed(1)} ms · ${call.operation} · `, h("code", {}, call.id)),
    call.request_id && h("p", { class: "facts request-id" }, "RequestId ", h("code", {}, call.request_id), " ", copyButton(() => call.request_id, t("call.copy_request_id"), { compact: true })),
    known.group !== "success" && h("p", { class: "facts" }, t("call.mended"), " ", h("strong", {}, t(`mended.${known.mended_by}`)), known.retry ? ` · ${t("call.retry")}` : ""),
  );
}

/** The two levels of a video's answer, each with what it means; null for an answer of one level. */
export function levels(call, codes) {
  const rows = levelsOf(call).map(([name, value]) => [name, codes.of({ operation: call.operation, code: Number(value.replaceAll('"', "")) }), value]);
  return rows.length > 0 && h("dl", { class: "levels" }, rows.map(([name, known, value]) => [h("dt", { class: "mono" }, name), h("dd", {}, known ? [codeChip(known), " ", meanings(known)[0]] : value)]));
}

/** One check: its state, what came and what was wanted, and where the rule comes from. */
function rowOf(check) {
  const state = SIGNS[check.state] ? check.state.replace(" ", "-") : "would-fail";
  const open = state === "failed" || state === "would-fail";
  return h(
    "li",
    { class: `check ${state}`, "data-check": check.check },
    icon(SIGNS[check.state] || "warning"),
    h("p", { class: "name" }, sentence("span", check, "title"), h("span", { class: open ? "state" : "hidden" }, t(`state.${state}`))),
    h(
      "dl",
      {},
      state !== "not-reached" && [h("dt", {}, t("came")), sentence("dd", check, "came")],
      h("dt", {}, t("wanted")), sentence("dd", check, "wanted"),
      open && [h("dt", {}, t("source")), h("dd", {}, sentence("span", check, "evidence"), " · ", h("code", {}, check.check))],
    ),
  );
}

/** Checks, folded away under a line that counts them. */
function folded(rows, words) {
  return rows.length > 0 && h("details", {}, h("summary", {}, t(words, { count: rows.length })), h("ol", { class: "checks" }, rows.map(rowOf)));
}

/** Every check in its order. Where one refused, those before and behind it are folded away. */
export function verdictOf(call) {
  const verdict = call.verdict;
  const refused = verdict.checks.findIndex((check) => check.state === "failed");
  const rows = refused < 0 ? verdict.checks : verdict.checks.filter((check, at) => at >= refused && check.state !== "not reached");
  return h(
    "section",
    { class: "card" },
    h("h3", {}, t("call.verdict")),
    h("p", { class: "answered" }, t("call.answered_by"), " ", sentence("code", verdict, "answered_by")),
    verdict.near_misses.length > 0 && h("div", { class: "near" }, h("p", {}, t("call.near")), h("ul", {}, sentences("li", verdict, "near_misses", { class: "mono" }))),
    folded(verdict.checks.slice(0, Math.max(refused, 0)), "call.passed"),
    h("ol", { class: "checks" }, rows.map(rowOf)),
    folded(verdict.checks.filter((check) => check.state === "not reached"), "call.not_reached"),
  );
}

function signatureOf(call) {
  const signature = call.verdict.signature;
  const ends = Number((signature.fields.find((field) => field.key === "e") || {}).value);
  const countdown = h("p", { class: "countdown" });
  if (ends) tick(countdown, ends);
  const rows = signature.fields.map((field) =>
    h("tr", {}, h("th", { scope: "row", class: "mono" }, call.request_id ? field.key : `${field.key}=`), h("td", { class: "mono" }, field.value || "–"), sentence("td", field, "meaning")),
  );
  return h(
    "section",
    { class: "card" },
    h("h3", {}, t("call.signature")),
    h("p", {}, t(`signature.${call.signature}`), signature.digest_begins ? ` · ${t("call.digest")} ` : "", signature.digest_begins && h("code", {}, `${signature.digest_begins}…`)),
    ends > 0 && countdown,
    signature.mistakes.length > 0 && h("ul", { class: "mistakes" }, sentences("li", signature, "mistakes")),
    rows.length > 0 && h("table", { class: "fields" }, h("thead", { class: "hidden" }, h("tr", {}, ["field", "value", "meaning"].map((name) => h("th", { scope: "col" }, t(`table.${name}`))))), h("tbody", {}, rows)),
  );
}

/** Count down to the end of the signature by the server's clock, for as long as it is shown. */
async function tick(place, ends) {
  const clock = await api("/clock");
  const ahead = clock.now - Date.now() / 1000;
  const tell = () => {
    const left = ends - ahead - Date.now() / 1000;
    fill(place, t(left > 0 ? "call.ends_in" : "call.ended", { span: span(left) }));
    place.classList.toggle("over", left <= 0);
  };
  tell();
  const timer = setInterval(() => (place.isConnected ? tell() : clearInterval(timer)), 1000);
}

function pictureOf(call, operation) {
  const picture = call.verdict.picture;
  const url = operation.picture_fields.map((name) => call.request.fields[urlFieldOf(operation, name)]).filter(Boolean).join(" · ");
  if (!picture && !url) return null;
  const facts = picture
    ? [picture.format || t("picture.unknown"), t(`picture.${picture.form}`), bytes(picture.size_bytes), told(picture, "fault")]
    : [t("picture.url"), url];
  return h("section", { class: "card" }, h("h3", {}, t("call.picture")), h("p", {}, facts.filter(Boolean).join(" · ")), picture && h("p", { class: "hint" }, t("picture.not_kept")));
}

function videoOf(call, operation) {
  const video = call.verdict.video;
  const url = operation.video_fields.map((name) => call.request.fields[urlFieldOf(operation, name)]).find(Boolean);
  if (!video && !url) return null;
  return h("section", { class: "card video" }, h("h3", {}, t("call.video")), h("p", {}, video ? videoFacts(video) : `${t("picture.url")} ${url}`), video && h("p", { class: "hint" }, t("video.not_kept")));
}

function oddOf(call) {
  const verdict = call.verdict;
  return verdict.notes.length > 0 && h("section", { class: "card" }, h("h3", {}, t("call.odd")), h("ul", {}, sentences("li", verdict, "notes")));
}

function wire(call, operation) {
  const fields = Object.entries(call.request.fields);
  const { picture, video } = call.verdict;
  const size = [
    ...(picture ? [[operation.picture_fields.join(" / "), `<${bytes(picture.size_bytes)}>`]] : []),
    ...(video ? [[operation.video_fields[0], `<${bytes(video.size_bytes)}>`]] : []),
  ];
  const body = [...fields, ...size].map(([name, value]) => `${name}: ${value}`).join("\n");
  const answer = call.answer || (call.answer_bytes ? `<${bytes(call.answer_bytes)}>` : "");
  return h(
    "section",
    { class: "card" },
    h("h3", {}, t("call.wire")),
    tabs(t("call.wire"), [
      ["request", t("request"), () => [code(body ? `${call.request.head}\n\n${body}` : call.request.head, { label: t("request") }), h("p", { class: "hint" }, t("call.hidden"))]],
      ["answer", t("answer"), () => [code(call.answer_head ? `${call.answer_head}\n\n${answer}` : t("call.no_answer"), { label: t("answer") }), call.fault && h("p", { class: "hint" }, t("call.fault", { fault: call.fault })), !call.answer && call.answer_bytes > 0 && h("p", { class: "hint" }, t("call.masked"))]],
    ]),
  );
}

/** What stood in for the files of a call, which are not kept: [{ field, name, type }, …]; null where it cannot be told. */
function filesOf(call, operation) {
  const { picture, video } = call.verdict;
  const format = ((picture || {}).format || "JPEG").toLowerCase();
  const files = [];
  if (video) {
    const like = sampleLike(video);
    const name = like || `own.${(video.container || "mp4").toLowerCase()}`;
    files.push({ field: operation.video_fields[0], name, type: name.endsWith(".mp4") ? "video/mp4" : "application/octet-stream", sample: Boolean(like) });
  }
  const open = operation.picture_fields.filter((name) => !call.request.fields[urlFieldOf(operation, name)]);
  // Of two pictures the journal tells one: a refusal for either says nothing certain of the other.
  if (open.length > 1 && picture && call.verdict.checks.some((check) => check.state === "failed" && check.check.startsWith("photo"))) return null;
  if (open.length > 1 && !picture) return null;
  for (const field of picture ? open : []) files.push({ field, name: `face.${format === "jpeg" ? "jpg" : format}`, type: `image/${format}` });
  return files;
}

/** What the copies are made of: the call as it may be shown, with a signature made anew. */
async function again(call, known, operation, files) {
  const signed = await post("/sign", { broken: BREAKAGES[call.signature] || null });
  const [, kind = "", how = ""] = call.form.match(/^(\S+) (.*)$/) || [];
  const form = kind === "multipart" && (files.length > 0 || operation.video_fields.length > 0) && how !== "base64" && how !== "data-url" ? "file" : files.length > 0 ? "base64" : "json";
  return {
    url: ROOT,
    path: operation.path,
    order: operation.text_fields,
    signed,
    good: signed.code === 0,
    form,
    files,
    fields: call.request.fields,
    masked: call.number.includes("*"),
    call,
    known,
    name: call.verdict.code.name,
  };
}

/** The same of a call of API 3.0: its texts, with files of mockface's own. */
async function again3(call, known, operation, files) {
  const fields = call.request.fields;
  const values = Object.fromEntries(operation.text_fields.filter((name) => name in fields).map((name) => [name, fields[name]]));
  // The example has more than a call may have given: it is signed anew for what was given alone.
  const asked = await post(`/operations/${encodeURIComponent(operation.name)}/example`, values);
  const usual = JSON.parse(asked.body);
  const whole = { ...values };
  for (const { field, name, sample: ours } of files) whole[field] = ours ? await base64(await sample(name)) : operation.video_fields.includes(field) ? "" : usual[field] || "";
  const example = await signedAnew(asked, JSON.stringify(whole));
  return made3(operation, { url: ROOT, example, keys: await post("/sign", {}), values, files, call, known, masked: call.number.includes("*") });
}

/** The sentences above the copies: what is to be put beside them, and what is not kept. */
function advice(made, call) {
  const videos = made.files.filter(({ field }) => /video/i.test(field));
  const pictures = made.files.filter((file) => !videos.includes(file));
  return [
    made.masked && h("p", { class: "hint" }, t("call.number_masked")),
    pictures.length > 0 && h("p", { class: "hint" }, t("call.own_picture", { file: pictures[0].name })),
    videos.map(({ name, sample: ours }) => h("p", { class: "hint" }, t(ours ? "call.sample_video" : "call.own_video", { file: name, facts: videoFacts(call.verdict.video) }))),
  ];
}

function copies(call, known, operation) {
  const place = h("div", {}, h("p", { class: "hint" }, "…"));
  const section = h("section", { class: "card copies" }, h("h3", {}, t("call.copies")), place);
  const files = filesOf(call, operation);
  if (call.request.path !== operation.path && !call.request_id) return null;
  if (!files) {
    fill(place, h("p", { class: "hint" }, t("call.no_copy")));
    return section;
  }
  if (call.request_id) {
    again3(call, known, operation, files).then((made) => {
      fill(place, advice(made, call), h("p", { class: "hint" }, t("try.signed_for")), tabs(t("call.copies"), copies3(made).map(([id, label, text]) => [id, label, () => code(text, { label })])));
    });
    return section;
  }
  if (!isImageApi(operation)) return null;
  again(call, known, operation, files).then((made) => {
    fill(
      place,
      advice(made, call),
      tabs(t("call.copies"), [
        ["curl", "curl", () => code(curl(made), { label: "curl" })],
        ["pytest", "pytest", () => code(pytest(made), { label: "pytest" })],
        ["yaml", "YAML", () => code(scenario(made), { label: "YAML" })],
      ]),
    );
  });
  return section;
}
