// Make a call of the emulated operation by hand, and see it as it went: answer, verdict, and the same in your language.
import { ROOT, api, once, post } from "./api.js";
import { codeChip } from "./calls.js";
import { verdictOf } from "./call.js";
import { codesOfServer } from "./codes.js";
import { LANGUAGES, pytest, scenario } from "./copies.js";
import { button, code, debounced, field, fill, h, icon, option, sentence, tabs } from "./dom.js";
import { pictureChooser } from "./picture.js";
import { bytes, maybe, meanings, t, told } from "./text.js";

const PATH = "/face/idcardcompare";
const BREAKAGES = ["missing", "malformed", "expired", "wrong_key", "replayed", "other_appid"];
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

/** The view. `rest` is a number to begin with, if any. */
export function tryView(rest) {
  const node = h("div", { class: "try" }, h("h1", {}, t("view.try")), h("p", { class: "lead" }, t("try.lead")));
  let picture = null;
  Promise.all([codesOfServer(), api("/switches"), once("/operations")]).then(([codes, switches, operations]) => {
    picture = pictureChooser();
    node.append(h("div", { class: "columns" }, ...form(rest, codes, switches, picture, operations)));
  });
  return { node, close: () => picture && picture.close() };
}

function form(rest, codes, switches, picture, operations) {
  const result = h("div", { class: "result" }, h("div", { class: "empty small" }, h("p", {}, t("try.nothing_yet"))));
  const outcome = h("select", {});
  const lane = h("select", {}, LANES.map((number) => option(number, String(number).padStart(2, "0"))));
  const number = h("input", { class: "mono", autocomplete: "off", spellcheck: "false", value: rest || "110110199905018032" });
  const name = h("input", { value: "张三", autocomplete: "off" });
  const would = h("p", { class: "would", role: "status" });
  const broken = h("select", {}, option("", t("break.none")), BREAKAGES.map((how) => option(how, t(`break.${how}`))));
  const brokenHint = h("p", { class: "hint" });
  const operation = h("select", {}, operations.map((one) => option(one.name, `${one.name} · ${one.path}`)));
  const others = h("div", {});
  const account = h("select", {}, switches.accounts.map((one) => option(one.appid, one.appid + (one.built_in ? ` (${t("try.test_account")})` : ""))));

  async function numbers() {
    const rows = await api(`/numbers?lane=${lane.value}`);
    fill(outcome, picker(rows, codes, number.value));
  }
  const lookUp = debounced(async () => {
    if (!number.value.trim()) return fill(would, t("try.no_number"));
    const found = await api(`/scenarios/${encodeURIComponent(number.value.trim())}`);
    const gets = told(found, "steps").join(" → ");
    return fill(would, t(found.by_default ? "try.would_default" : "try.would", { steps: gets, origin: told(found, "origin") }));
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
    fill(brokenHint, switches.signature === "off" && broken.value ? t("break.off") : unnoticed ? t("break.verify_only") : "");
  });
  numbers();
  lookUp();

  /** The operation that is chosen; the first has a form of its own, others one made of their fields. */
  const selected = () => operations.find((one) => one.name === operation.value);
  const isFirst = () => selected() === operations[0];
  operation.addEventListener("change", () => {
    for (const part of [picture.node, signing, brokenHint]) part.hidden = !isFirst();
    named.hidden = !isFirst() && !selected().name_field;
    const more = isFirst() ? [] : selected().text_fields.filter((one) => ![selected().number_field, selected().name_field].includes(one));
    fill(others, more.map((one) => field(one, h("input", { name: one, autocomplete: "off" }))));
  });

  const send = h("button", { type: "submit", class: "button primary large" }, icon("send"), t("try.send"));
  const named = field(t("try.name"), name);
  const signing = h("div", { class: "pair" }, field(t("try.signature"), broken), field(t("try.account"), account));
  const made = h(
    "form",
    { class: "card form", on: { submit: (event) => { event.preventDefault(); go(); } } },
    operations.length > 1 && field(t("try.operation"), operation),
    h("div", { class: "pair" }, field(t("try.outcome"), outcome), field(t("filter.lane"), lane)),
    field(t("try.number"), number),
    would,
    named,
    others,
    picture.node,
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
        await runExample(await exampleOf(selected(), others, number.value, name.value), result, codes, number.value);
        return;
      }
      const signed = await post("/sign", { broken: broken.value || null, appid: account.value });
      const chosen = picture.get();
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
  return [made, result];
}

/** A request of another operation, as the server makes it of the fields that were filled in. */
async function exampleOf(operation, fields, number, name) {
  const given = Object.fromEntries([...fields.querySelectorAll("input")].filter((one) => one.value).map((one) => [one.name, one.value]));
  if (operation.number_field) given[operation.number_field] = number;
  if (operation.name_field) given[operation.name_field] = name;
  return post(`/operations/${encodeURIComponent(operation.name)}/example`, given);
}

async function runExample(example, result, codes, number) {
  const since = (await api("/clock")).now;
  const came = await sent({ ...example, shown: example.body }, result);
  const call = await noted(came.id, number, since);
  show(result, { made: null, call, codes, ...came });
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

function show(result, { made, request, head, text, broke, took, call, codes }) {
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
      h("p", { class: "facts" }, `${Math.round(took)} ms`, call && [" · ", h("a", { href: `#/calls/${call.id}` }, t("try.open"))]),
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
    call && verdictOf(call),
  );
}
