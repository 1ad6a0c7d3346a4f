// Make a call of the emulated operation by hand, and see it as it went: answer, verdict, and the same in your language.
import { ROOT, api, once, post } from "./api.js";
import { codeChip } from "./calls.js";
import { verdictOf } from "./call.js";
import { codesOfServer } from "./codes.js";
import { LANGUAGES, pytest, scenario } from "./copies.js";
import { copies3, made3 } from "./copies3.js";
import { button, code, debounced, field, fill, h, icon, option, sentence, tabs } from "./dom.js";
import { PICTURES, SOURCES, pictureChooser } from "./picture.js";
import { bytes, maybe, meanings, t, told } from "./text.js";

const PATH = "/face/idcardcompare";
const BREAKAGES = ["missing", "malformed", "expired", "wrong_key", "replayed", "other_appid"];
const BREAKAGES3 = ["missing", "malformed", "expired", "wrong_key"];
/** Fields that are taken and not looked at: no form asks for them. */
const IGNORED = ["Optional"];
const LANES = Array.from({ length: 28 }, (_, at) => at + 1);

/** The words for an outcome that GET /numbers lists. */
export function outcomeWords(row, codes) {
  if (row.kind === "similarity") return `${t("similarity")} ${row.similarity.toFixed(1)}`;
  if (row.kind === "code") return `${row.code} ${meanings(codes.of(row))[0]}`;
  if (row.kind === "delay") return t("outcome.after", { time: row.name });
  return maybe(`${row.kind}.${row.name}`, row.outcome);
}

function familyOf(row) {
  return { similarity: "success", delay: "delays", fault: "faults", story: "stories" }[row.kind];
}

/** Numbers to pick from, grouped as people look for them. */
function picker(rows, codes, chosen) {
  const groups = new Map();
  for (const row of rows) {
    const family = familyOf(row) || codes.of(row).group;
    if (!groups.has(family)) groups.set(family, []);
    groups.get(family).push(option(row.idcard_number, outcomeWords(row, codes), row.idcard_number === chosen));
  }
  return [option("", t("try.typed"), !chosen), ...[...groups].map(([family, options]) => h("optgroup", { label: t(`group.${family}`) }, options))];
}

/** A number of the reserved family without its lane and check digit, which go with it. */
export function inFirstLane(number) {
  return number.slice(0, 12) + number.slice(14, 17);
}

/** What an operation can be made to say: the rows of GET /numbers, the codes among them its own. */
export function numbersOf(rows, codes, operation) {
  const laned = new Map(rows.filter((row) => row.kind === "code").map((row) => [inFirstLane(row.idcard_number), row.idcard_number]));
  const own = codes.rows
    .filter((known) => known.operation === operation.name && known.idcard_number && known.group !== "success")
    .map((known) => ({ ...known, kind: "code", idcard_number: laned.get(inFirstLane(known.idcard_number)) || known.idcard_number }));
  // Without a picture there is nothing that could be similar.
  const scored = !operation.action || operation.picture_fields.length > 0;
  const others = rows.filter((row) => row.kind !== "code" && (scored || row.kind !== "similarity" || row.similarity === 100));
  const found = others.findIndex((row) => row.kind !== "similarity");
  const at = found < 0 ? others.length : found;
  return [...others.slice(0, at), ...own, ...others.slice(at)];
}

/** The view. `rest` is a number to begin with, if any, and behind a "/" the operation. */
export function tryView(rest) {
  const node = h("div", { class: "try" }, h("h1", {}, t("view.try")), h("p", { class: "lead" }, t("try.lead")));
  let picture = null;
  Promise.all([codesOfServer(), api("/switches"), once("/operations")]).then(([codes, switches, operations]) => {
    const pictures = { now: null };
    picture = { close: () => pictures.now && pictures.now.close() };
    node.append(h("div", { class: "columns" }, ...form(rest, codes, switches, pictures, operations)));
  });
  return { node, close: () => picture && picture.close() };
}

function form(rest, codes, switches, pictures, operations) {
  const [given, wanted] = decodeURIComponent(rest || "").split("/");
  const result = h("div", { class: "result" }, h("div", { class: "empty small" }, h("p", {}, t("try.nothing_yet"))));
  const outcome = h("select", {});
  const lane = h("select", {}, LANES.map((number) => option(number, String(number).padStart(2, "0"))));
  const number = h("input", { class: "mono", autocomplete: "off", spellcheck: "false", value: given || "110110199905018032" });
  const name = h("input", { value: "张三", autocomplete: "off" });
  const would = h("p", { class: "would", role: "status" });
  const broken = h("select", {}, option("", t("break.none")), BREAKAGES.map((how) => option(how, t(`break.${how}`))));
  const brokenHint = h("p", { class: "hint" });
  const operation = h("select", {}, operations.map((one) => option(one.name, `${one.name} · ${one.path}`, one.name === wanted)));
  const others = h("div", {});
  const account = h("select", {}, switches.accounts.map((one) => option(one.appid, one.appid + (one.built_in ? ` (${t("try.test_account")})` : ""))));

  async function numbers() {
    const rows = await api(`/numbers?lane=${lane.value}`);
    fill(outcome, picker(numbersOf(rows, codes, selected()), codes, number.value));
  }
  const lookUp = debounced(async () => {
    if (!number.value.trim()) return fill(would, t(isFirst() ? "try.no_number" : "try.no_number_other"));
    const found = await api(`/scenarios/${encodeURIComponent(number.value.trim())}`);
    const gets = told(found, "steps").join(" → ");
    const says = codes.rows.find((known) => known.operation === selected().name && known.idcard_number && inFirstLane(known.idcard_number) === inFirstLane(number.value.trim()));
    const as = !isFirst() && says && !gets.includes(says.code) ? ` ${t("try.said_as", { operation: selected().name, code: says.code })}` : "";
    return fill(would, t(found.by_default ? "try.would_default" : "try.would", { steps: gets, origin: told(found, "origin") }), as);
  }, 150);

  outcome.addEventListener("change", () => {
    if (outcome.value) number.value = outcome.value;
    lookUp();
  });
  number.addEventListener("input", () => {
    outcome.value = [...outcome.options].some((one) => one.value === number.value) ? number.value : "";
    lookUp();
  });
  lane.addEventListener("change", async () => {
    const at = outcome.selectedIndex;
    await numbers();
    if (at > 0) number.value = outcome.options[at].value;
    outcome.selectedIndex = at;
    lookUp();
  });
  broken.addEventListener("change", () => {
    const unnoticed = broken.value === "wrong_key" && switches.signature !== "verify";
    if (!isFirst()) return fill(brokenHint, switches.signature === "off" && broken.value ? t("break.off") : unnoticed ? t("break3.verify_only") : "");
    return fill(brokenHint, switches.signature === "off" && broken.value ? t("break.off") : unnoticed ? t("break.verify_only") : "");
  });
  /** The operation that is chosen; the first has a form of its own, others one made of their fields. */
  const selected = () => operations.find((one) => one.name === operation.value);
  const isFirst = () => selected() === operations[0];
  const is3 = () => Boolean(selected().action);
  const picturePlace = h("div", {});
  const breakages = () => {
    const row = is3() ? BREAKAGES3.map((how) => option(how, t(`break3.${how}`))) : BREAKAGES.map((how) => option(how, t(`break.${how}`)));
    fill(broken, option("", t("break.none")), row);
    fill(brokenHint);
  };
  const shape = () => {
    if (pictures.now) pictures.now.close();
    pictures.now = null;
    if (isFirst()) pictures.now = pictureChooser(SOURCES);
    else if (is3() && selected().picture_fields.length > 0) pictures.now = pictureChooser(PICTURES, "source.none_hint3");
    fill(picturePlace, pictures.now && pictures.now.node);
    for (const part of [signing, brokenHint]) part.hidden = !isFirst() && !is3();
    accounts.hidden = !isFirst();
    named.hidden = !isFirst() && !selected().name_field;
    const more = isFirst() ? [] : selected().text_fields.filter((one) => ![selected().number_field, selected().name_field, ...IGNORED].includes(one));
    fill(others, more.map((one) => field(one, h("input", { name: one, autocomplete: "off" }))));
    breakages();
  };
  operation.addEventListener("change", () => {
    shape();
    numbers();
    lookUp();
  });

  const send = h("button", { type: "submit", class: "button primary large" }, icon("send"), t("try.send"));
  const named = field(t("try.name"), name);
  const accounts = field(t("try.account"), account);
  const signing = h("div", { class: "pair" }, field(t("try.signature"), broken), accounts);
  const made = h(
    "form",
    { class: "card form", on: { submit: (event) => { event.preventDefault(); go(); } } },
    operations.length > 1 && field(t("try.operation"), operation),
    h("div", { class: "pair" }, field(t("try.outcome"), outcome), field(t("filter.lane"), lane)),
    field(t("try.number"), number),
    would,
    named,
    others,
    picturePlace,
    signing,
    brokenHint,
    send,
  );

  async function go() {
    send.disabled = true;
    fill(result, h("div", { class: "empty small" }, h("p", { role: "status" }, t("try.waiting"))));
    if (result.getBoundingClientRect().top > window.innerHeight / 2) result.scrollIntoView({ block: "start" });
    try {
      if (!isFirst()) {
        const picture = pictures.now && pictures.now.get();
        const request = await exampleOf(selected(), others, number.value, name.value, picture);
        await runExample({ operation: selected(), picture, ...request, broken: is3() ? broken.value : "" }, result, codes);
        return;
      }
      const signed = await post("/sign", { broken: broken.value || null, appid: account.value });
      const chosen = pictures.now.get();
      const fields = { appid: account.value, idcard_number: number.value, idcard_name: name.value };
      if (chosen.form === "url") fields.url = chosen.url;
      const wanted = { url: ROOT, signed, good: signed.code === 0, form: chosen.form, picture: chosen.file, file: chosen.file ? chosen.file.name : "", type: chosen.file ? chosen.file.type : "", fields };
      await run(wanted, result, codes);
    } catch (fault) {
      fill(result, h("p", { class: "fault", role: "alert" }, fault.message));
    } finally {
      send.disabled = false;
    }
  }
  shape();
  numbers();
  lookUp();
  return [made, result];
}

/** A request of another operation, as the server makes it of the fields that were filled in. */
async function exampleOf(operation, fields, number, name, picture) {
  const given = Object.fromEntries([...fields.querySelectorAll("input")].filter((one) => one.value).map((one) => [one.name, one.value]));
  if (operation.number_field) given[operation.number_field] = number;
  if (operation.name_field) given[operation.name_field] = name;
  const values = { ...given };
  if (picture) given[operation.picture_fields[0]] = picture.file ? await base64(picture.file) : "";
  const example = await post(`/operations/${encodeURIComponent(operation.name)}/example`, given);
  return { example, values, number };
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

async function runExample({ operation, example, values, number, picture, broken }, result, codes) {
  const since = (await api("/clock")).now;
  const request = { ...example, headers: brokenHeaders(example.headers, broken) };
  const came = await sent({ ...request, shown: shortened(example.body) }, result);
  const call = await noted(came.id, number, since);
  let made = null;
  if (operation.action && call && !broken) {
    const file = picture && picture.file ? picture.file.name : "face.jpg";
    made = made3(operation, { url: ROOT, example: request, keys: await post("/sign", {}), values, file, call, known: codes.of(call), masked: false });
    if (picture && !picture.file) made.picture = "";
  }
  show(result, { made: null, made3: made, call, codes, ...came });
}

/** A JSON body whose long texts are told by their length. */
function shortened(body) {
  try {
    return JSON.stringify(JSON.parse(body), (name, value) => (typeof value === "string" && value.length > 256 ? `<base64, ${bytes(value.length)}>` : value), 1);
  } catch {
    return body;
  }
}

async function bodyOf(made) {
  if (made.form === "file") {
    const body = new FormData();
    for (const [name, value] of Object.entries(made.fields)) body.append(name, value);
    body.append("image", made.picture, made.file);
    const lines = Object.entries(made.fields).map(([name, value]) => `${name}: ${value}`);
    return { body, shown: [...lines, `image: <${made.file}, ${made.type}, ${bytes(made.picture.size)}>`].join("\n"), kind: null };
  }
  const image = made.form === "base64" ? { image: await base64(made.picture) } : {};
  const shown = made.form === "base64" ? { image: `<base64, ${bytes(image.image.length)}>` } : {};
  return { body: JSON.stringify({ ...made.fields, ...image }), shown: JSON.stringify({ ...made.fields, ...shown }, null, 1), kind: "application/json" };
}

async function base64(file) {
  const bytes_ = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes_.length; at += 0x8000) text += String.fromCharCode(...bytes_.subarray(at, at + 0x8000));
  return btoa(text);
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

async function run(made, result, codes) {
  const { body, shown, kind } = await bodyOf(made);
  const headers = {};
  if (made.signed.authorization) headers.Authorization = made.signed.authorization;
  if (kind) headers["Content-Type"] = kind;
  const since = (await api("/clock")).now;
  const came = await sent({ path: PATH, headers, body, shown }, result);
  const call = await noted(came.id, made.fields.idcard_number, since);
  show(result, { made: call && { ...made, call, known: codes.of(call), name: call.verdict.code.name }, call, codes, ...came });
}

/** The call in the journal: by its id, or the newest of its number where no answer told one. */
async function noted(id, number, since) {
  const found = id ? id : ((await api(`/calls?limit=1&since=${since}&number=${encodeURIComponent(number)}`))[0] || {}).id;
  return found ? api(`/calls/${found}`) : null;
}

function show(result, { made, made3: other, request, head, text, broke, took, call, codes }) {
  const known = call && codes.of(call);
  const summary = known
    ? [codeChip(known), h("span", {}, call.similarity !== null ? `${t("similarity")} ${call.similarity.toFixed(1)}` : meanings(known)[0])]
    : [h("span", {}, broke || "")];
  const ours = made && call && call.request.fields && !made.fields.idcard_number.includes("*");
  fill(
    result,
    h(
      "section",
      { class: "card top" },
      h("h2", {}, summary),
      call && call.similarity === null && h("p", { class: "other" }, meanings(known)[1]),
      broke && h("p", { class: "fault", role: "alert" }, broke),
      call && call.why && h("p", { class: "why" }, h("strong", {}, t("call.why")), " ", sentence("span", call, "why")),
      h("p", { class: "facts" }, `${Math.round(took)} ms`, call && call.request_id && [" · RequestId ", h("code", {}, call.request_id)], call && [" · ", h("a", { href: `#/calls/${call.id}` }, t("try.open"))]),
    ),
    h("section", { class: "card" }, h("h3", {}, t("call.wire")), tabs(t("call.wire"), [
      ["answer", t("answer"), () => code(`${head}\n\n${text}`.trim() || t("call.no_answer"), { label: t("answer") })],
      ["request", t("request"), () => code(request, { label: t("request") })],
    ])),
    call && ours && h("section", { class: "card" }, h("h3", {}, t("try.same")), made.form === "file" || made.form === "base64" ? h("p", { class: "hint" }, t("try.save_first", { file: made.file })) : null,
      tabs(t("try.same"), [
        ...LANGUAGES.map(([id, label, make]) => [id, label, () => code(make(made), { label })]),
        ["pytest", "pytest", () => code(pytest(made), { label: "pytest" })],
        ["yaml", "YAML", () => code(scenario({ ...made, masked: false, call: { ...call, number: made.fields.idcard_number } }), { label: "YAML" })],
      ])),
    other && h("section", { class: "card" }, h("h3", {}, t("try.same")), h("p", { class: "hint" }, other.picture && t("try.save_first", { file: other.file }), " ", t("try.signed_for")),
      tabs(t("try.same"), copies3(other).map(([id, label, copy]) => [id, label, () => code(copy, { label })]))),
    call && verdictOf(call),
  );
}
