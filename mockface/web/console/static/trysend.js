// Send a call that was filled in, and show it as it went: answer, verdict, and the same in your language.
import { ROOT, api, post } from "./api.js";
import { codesOf } from "./calls.js";
import { levels, verdictOf } from "./call.js";
import { LANGUAGES, pytest, scenario } from "./copies.js";
import { copies3, made3 } from "./copies3.js";
import { button, code, fill, h, sentence, tabs } from "./dom.js";
import { base64, signedAnew } from "./signing.js";
import { isImageApi } from "./tryform.js";
import { bytes, meanings, t } from "./text.js";

/** The API reads no longer body than about this: a call of a longer one is signed in the page. */
const SIGNED_BY_SERVER = 200_000;

/** Send the call of an operation: { operation, fields, files, number, appid, broken }, and show it in `result`. */
export async function run(given, result, codes) {
  if (isImageApi(given.operation)) await runImageApi(given, result, codes);
  else await runExample(given, result, codes);
}

async function runImageApi({ operation, fields, files, number, appid, broken }, result, codes) {
  const signed = await post("/sign", { broken: broken || null, appid });
  const chosen = files.filter((one) => one.file);
  const form = operation.video_fields.length > 0 || chosen.some((one) => one.form === "file") ? "file" : chosen.length > 0 ? "base64" : "json";
  const made = {
    url: ROOT, path: operation.path, order: operation.text_fields, signed, good: signed.code === 0, form,
    files: chosen.map(({ field, file, sample }) => ({ field, name: file.name, type: file.type || "application/octet-stream", sample })),
    fields: { appid, ...fields },
  };
  const { body, shown, kind } = await bodyOf(made, chosen);
  const headers = {};
  if (signed.authorization) headers.Authorization = signed.authorization;
  if (kind) headers["Content-Type"] = kind;
  const since = (await api("/clock")).now;
  const came = await sent({ path: operation.path, headers, body, shown }, result);
  const call = await noted(came.id, number || operation.name, since);
  show(result, { made: call && { ...made, call, known: codes.of(call), name: call.verdict.code.name, masked: false }, call, number, codes, ...came });
}

async function runExample({ operation, fields, files, number, broken }, result, codes) {
  const values = { ...fields };
  const whole = { ...fields };
  for (const { field, file } of files) whole[field] = file ? await base64(file) : "";
  const long = JSON.stringify(whole).length > SIGNED_BY_SERVER;
  const asked = await post(`/operations/${encodeURIComponent(operation.name)}/example`, long ? { ...whole, ...Object.fromEntries(files.map(({ field }) => [field, ""])) } : whole);
  const example = long ? await signedAnew(asked, JSON.stringify({ ...JSON.parse(asked.body), ...whole })) : asked;
  const since = (await api("/clock")).now;
  const request = { ...example, headers: brokenHeaders(example.headers, broken) };
  const came = await sent({ ...request, shown: shortened(example.body) }, result);
  const call = await noted(came.id, number || operation.name, since);
  let made = null;
  if (operation.action && call && !broken) {
    const named = files.filter((one) => one.file).map(({ field, file, sample }) => ({ field, name: file.name, sample }));
    made = made3(operation, { url: ROOT, example: request, keys: await post("/sign", {}), values, files: named, call, known: codes.of(call), masked: false });
  }
  show(result, { made: null, made3: made, call, number, codes, ...came });
}

/** The headers with their signature broken on purpose. */
function brokenHeaders(headers, how) {
  const { Authorization: good, ...others } = headers;
  if (how === "missing") return others;
  if (how === "malformed") return { ...others, Authorization: good.slice(0, -20) };
  if (how === "wrong_key") return { ...others, Authorization: good.replace(/.$/, (last) => (last === "0" ? "1" : "0")) };
  if (how === "expired") return { ...headers, "X-TC-Timestamp": String(Number(headers["X-TC-Timestamp"]) - 3600) };
  return headers;
}

/** A JSON body whose long texts are told by their length. */
function shortened(body) {
  try {
    return JSON.stringify(JSON.parse(body), (name, value) => (typeof value === "string" && value.length > 256 ? `<base64, ${bytes(value.length)}>` : value), 1);
  } catch {
    return body;
  }
}

/** The body of a call of the image API, and how it is shown; `kind` is null where the browser writes the Content-Type. */
async function bodyOf(made, chosen) {
  if (made.form === "file") {
    const body = new FormData();
    for (const [name, value] of Object.entries(made.fields)) body.append(name, value);
    for (const { field, file } of chosen) body.append(field, file, file.name);
    const lines = Object.entries(made.fields).map(([name, value]) => `${name}: ${value}`);
    const files = chosen.map(({ field, file }) => `${field}: <${file.name}, ${file.type}, ${bytes(file.size)}>`);
    return { body, shown: [...lines, ...files].join("\n"), kind: null };
  }
  const texts = {};
  const shown = {};
  for (const { field, file } of chosen) {
    texts[field] = await base64(file);
    shown[field] = `<base64, ${bytes(texts[field].length)}>`;
  }
  return { body: JSON.stringify({ ...made.fields, ...texts }), shown: JSON.stringify({ ...made.fields, ...shown }, null, 1), kind: "application/json" };
}

/** Send a request and tell what came back; a transport that breaks is an answer too. */
async function sent({ path, headers, body, shown }, result) {
  const lines = Object.entries(headers).map(([name, value]) => `${name.toLowerCase()}: ${value}`);
  const kind = headers["Content-Type"] ? [] : ["content-type: multipart/form-data; boundary=…"];
  const request = [`POST ${new URL(ROOT + path).pathname} HTTP/1.1`, `host: ${location.host}`, ...lines, ...kind, "", shown].join("\n");
  const stopped = new AbortController();
  const began = performance.now();
  fill(result, h("div", { class: "empty small" }, h("p", { role: "status" }, t("try.waiting")), button(t("try.give_up"), () => stopped.abort())));
  let head = "";
  let text = "";
  let id = null;
  let broke = null;
  try {
    const answer = await fetch(ROOT + path, { method: "POST", headers, body, signal: stopped.signal, cache: "no-store" });
    id = answer.headers.get("x-mockface-request-id");
    head = [`HTTP/1.1 ${answer.status} ${answer.statusText}`, ...[...answer.headers].map(([name, value]) => `${name}: ${value}`)].join("\n");
    text = await answer.text();
  } catch (fault) {
    broke = fault.name === "AbortError" ? t("try.gave_up") : t("try.broke", { why: fault.message });
  }
  return { request, head, text, id, broke, took: performance.now() - began };
}

/** The call in the journal: by its id, or the newest of its number where no answer told one. */
async function noted(id, number, since) {
  const found = id ? id : ((await api(`/calls?limit=1&since=${since}&number=${encodeURIComponent(number)}`))[0] || {}).id;
  return found ? api(`/calls/${found}`) : null;
}

const namesOf = (made) => [...new Set(made.files.map((one) => one.name))].join(", ");

function show(result, { made, made3: other, number, request, head, text, broke, took, call, codes }) {
  const known = call && codes.of(call);
  const summary = known
    ? [codesOf(call, codes), h("span", {}, call.similarity !== null ? `${t("similarity")} ${call.similarity.toFixed(1)}` : meanings(known)[0])]
    : [h("span", {}, broke || "")];
  const ours = made && call && call.request.fields && !number.includes("*");
  fill(
    result,
    h(
      "section",
      { class: "card top" },
      h("h2", {}, summary),
      call && call.similarity === null && h("p", { class: "other" }, meanings(known)[1]),
      call && levels(call, codes),
      broke && h("p", { class: "fault", role: "alert" }, broke),
      call && call.why && h("p", { class: "why" }, h("strong", {}, t("call.why")), " ", sentence("span", call, "why")),
      h("p", { class: "facts" }, `${Math.round(took)} ms`, call && call.request_id && [" · RequestId ", h("code", {}, call.request_id)], call && [" · ", h("a", { href: `#/calls/${call.id}` }, t("try.open"))]),
    ),
    h("section", { class: "card" }, h("h3", {}, t("call.wire")), tabs(t("call.wire"), [
      ["answer", t("answer"), () => code(`${head}\n\n${text}`.trim() || t("call.no_answer"), { label: t("answer") })],
      ["request", t("request"), () => code(request, { label: t("request") })],
    ])),
    call && ours && h("section", { class: "card" }, h("h3", {}, t("try.same")), made.files.length > 0 && h("p", { class: "hint" }, t("try.save_first", { file: namesOf(made) })),
      tabs(t("try.same"), [
        ...LANGUAGES.map(([id, label, make]) => [id, label, () => code(make(made), { label })]),
        ["pytest", "pytest", () => code(pytest(made), { label: "pytest" })],
        ["yaml", "YAML", () => code(scenario({ ...made, masked: false, call: { ...call, number: number || call.operation } }), { label: "YAML" })],
      ])),
    other && h("section", { class: "card" }, h("h3", {}, t("try.same")), h("p", { class: "hint" }, other.files.length > 0 && t("try.save_first", { file: namesOf(other) }), " ", t("try.signed_for")),
      tabs(t("try.same"), copies3(other).map(([id, label, copy]) => [id, label, () => code(copy, { label })]))),
    call && verdictOf(call),
  );
}
