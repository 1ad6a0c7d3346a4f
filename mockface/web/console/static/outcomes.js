// Everything that can be met: each code with its number and how often it was served, similarities, delays, faults.
import { api, once } from "./api.js";
import { codeChip } from "./calls.js";
import { codesOfServer } from "./codes.js";
import { copyButton, debounced, field, fill, h, option } from "./dom.js";
import { feed } from "./feed.js";
import { language, meanings, t } from "./text.js";
import { inFirstLane, outcomeWords } from "./tryit.js";

const GROUPS = ["request", "signature", "account", "service", "photo", "identity", "video"];
const LANES = Array.from({ length: 28 }, (_, at) => at + 1);
const state = { lane: 1, search: "", operation: "" };

function numberCell(number, operation = "", title = "outcomes.try") {
  return h("span", { class: "number" }, h("a", { class: "mono", href: `#/try/${number}${operation && `/${operation}`}`, title: t(title) }, number), copyButton(() => number, t("outcomes.copy", { number }), { compact: true }));
}

function codeRow(known, number, digits, times) {
  const [meaning, other] = meanings(known);
  return h(
    "tr",
    { class: times ? "met" : "" },
    h("td", {}, codeChip(known, { breaks: true })),
    h("td", { class: "words" }, h("span", {}, meaning), h("span", { class: "other", lang: language === "zh" ? "en" : "zh-CN" }, other), h("span", { class: "name mono" }, `${known.name === known.code ? "" : `${known.name} · `}HTTP ${known.status} · ${known.message}`)),
    h("td", { class: "mended" }, t(`mended.${known.mended_by}`), known.retry && h("span", { class: "tag" }, t("outcomes.retry"))),
    h("td", {}, number ? numberCell(number, known.operation) : digits ? numberCell(digits, known.operation, "outcomes.try_digits") : "–"),
    h("td", { class: "times" }, times ? t("outcomes.times", { times }) : "–"),
  );
}

function table(caption, rows, kind = "", column = "number") {
  const heads = ["code", "meaning", "mended", column, "served"].map((name) => h("th", { scope: "col" }, t(`outcomes.${name}`)));
  return h("table", { class: `outcomes ${kind}` }, h("caption", {}, caption), h("thead", {}, h("tr", {}, heads)), h("tbody", {}, rows));
}

/** How an operation whose calls name no person is made to answer. */
function unnumbered(operation) {
  if (operation.number_field) return null;
  const field = operation.text_fields.find((name) => /^validate_?data$/i.test(name));
  return h("p", { class: "hint" }, t(field ? "outcomes.spelled" : "outcomes.named", { operation: operation.name, field }));
}

function fits(known, search) {
  const words = [String(known.code), known.name, known.meaning_en, known.meaning_zh, known.message].join(" ").toLowerCase();
  return search.toLowerCase().split(/\s+/).every((word) => words.includes(word));
}

/** "31 of 48 provoked": the codes but 0, those of video in the second part of the bar. */
function bar(report) {
  const refusals = report.codes.filter((row) => row.group !== "success");
  const met = refusals.filter((row) => row.times).length;
  const meter = h("div", { class: "meter", role: "meter", "aria-valuenow": met, "aria-valuemin": 0, "aria-valuemax": refusals.length, "aria-label": t("outcomes.provoked", { met, of: refusals.length }) }, h("span"));
  meter.style.setProperty("--part", `${(100 * met) / refusals.length}%`);
  return h(
    "section",
    { class: "card coverage" },
    h("p", { class: "big" }, h("strong", {}, t("outcomes.provoked", { met, of: refusals.length })), " ", h("span", {}, t("outcomes.calls", { calls: report.calls, fell: report.fell_to_default }))),
    meter,
    h("p", { class: "hint" }, t("outcomes.hard", { met: report.hard_to_get.met, of: report.hard_to_get.of })),
    report.warnings.length > 0 && h("p", { class: "hint" }, t("outcomes.low")),
  );
}

/** Similarity by a dial, and the number that answers it. */
function dial() {
  const range = h("input", { type: "range", min: 0, max: 100, step: 0.1, value: 74.9 });
  const exact = h("input", { type: "number", min: 0, max: 100, step: 0.1, value: 74.9, "aria-label": t("outcomes.exact") });
  const shown = h("div", { class: "dialled", role: "status" });
  const ask = debounced(async (value) => {
    const [row] = await api(`/numbers?lane=${state.lane}&similarity=${value}`);
    fill(shown, numberCell(row.idcard_number), h("span", { class: "hint" }, t(row.similarity > 75 ? "outcomes.above" : "outcomes.below")));
  }, 60);
  const turn = (from, to) => () => {
    const value = Math.round(Math.min(100, Math.max(0, Number(from.value))) * 10) / 10;
    to.value = value;
    ask(value);
  };
  range.addEventListener("input", turn(range, exact));
  exact.addEventListener("input", turn(exact, range));
  ask(74.9);
  return h("section", { class: "card" }, h("h2", {}, t("outcomes.dial")), h("div", { class: "dial" }, field(t("similarity"), range), exact), shown);
}

/** Delays by a number of seconds. */
function delay() {
  const seconds = h("input", { type: "number", min: 0, max: 99.9, step: 0.1, value: 3 });
  const shown = h("div", { class: "dialled", role: "status" });
  const ask = debounced(async () => {
    const value = Math.round(Math.min(99.9, Math.max(0, Number(seconds.value))) * 10) / 10;
    const [row] = await api(`/numbers?lane=${state.lane}&delay=${value}`);
    fill(shown, numberCell(row.idcard_number));
  }, 60);
  seconds.addEventListener("input", ask);
  ask();
  return h("section", { class: "card" }, h("h2", {}, t("group.delays")), field(t("outcomes.seconds"), seconds), shown);
}

function others(rows, codes, kind, report) {
  const mine = rows.filter((row) => row.kind === kind);
  const served = (row) => report.faults[row.name];
  return h(
    "section",
    { class: "card" },
    h("h2", {}, t(`group.${kind === "fault" ? "faults" : "stories"}`)),
    h("ul", { class: "pairs" }, mine.map((row) => h("li", {}, h("span", {}, outcomeWords(row, codes), served(row) ? h("span", { class: "tag" }, t("outcomes.times", { times: served(row) })) : null), numberCell(row.idcard_number)))),
  );
}

/** The view. */
export function outcomesView() {
  const top = h("div");
  const list = h("div", { class: "groups" });
  const side = h("div", { class: "side" });
  const search = h("input", { type: "search", value: state.search, placeholder: t("outcomes.search_hint") });
  const lane = h("select", {}, LANES.map((number) => option(number, String(number).padStart(2, "0"), number === state.lane)));
  const operation = h("select", {});
  const node = h(
    "div",
    {},
    h("h1", {}, t("view.outcomes")),
    h("p", { class: "lead" }, t("outcomes.lead")),
    top,
    h("div", { class: "toolbar" }, h("div", { class: "filters" }, field(t("outcomes.search"), search), field(t("filter.lane"), lane), field(t("try.operation"), operation), h("p", { class: "hint lane-hint" }, t("outcomes.lane_hint")))),
    h("div", { class: "columns" }, list, side),
  );
  let codes = null;
  let operations = new Map();
  let numbers = [];
  let report = null;

  function drawList() {
    if (!report) return;
    const laned = new Map(numbers.filter((row) => row.kind === "code").map((row) => [inFirstLane(row.idcard_number), row.idcard_number]));
    const times = new Map(report.codes.map((row) => [codes.of(row), row.times]));
    const section = (operation, group) => {
      const mine = codes.rows.filter((known) => known.operation === operation && known.group === group && fits(known, state.search));
      const { digits = {}, number_field: numbered = "" } = operations.get(operation) || {};
      const number = (known) => known.idcard_number && (laned.get(inFirstLane(known.idcard_number)) || known.idcard_number);
      return mine.length > 0 && table(t(`group.${group}`), mine.map((known) => codeRow(known, number(known), numbered ? "" : digits[known.code], times.get(known))), mine.some((known) => String(known.code).length > 10) ? "long" : "", !numbered && Object.keys(digits).length > 0 ? "digits" : "number");
    };
    const shown = codes.operations.filter((operation) => !state.operation || operation === state.operation);
    const sections = shown.flatMap((operation) => {
      const mine = GROUPS.map((group) => section(operation, group)).filter(Boolean);
      return codes.operations.length > 1 && mine.length > 0 ? [h("h2", {}, operation), unnumbered(operations.get(operation)), ...mine] : mine;
    });
    fill(list, sections, sections.length === 0 && h("p", { class: "empty small" }, t("outcomes.none", { search: state.search })));
  }

  async function counts() {
    report = await api("/coverage");
    fill(top, bar(report));
    drawList();
  }

  async function all() {
    const [table_, rows, known] = await Promise.all([codesOfServer(), api(`/numbers?lane=${state.lane}`), once("/operations")]);
    codes = table_;
    operations = new Map(known.map((one) => [one.name, one]));
    fill(operation, option("", t("filter.any")), codes.operations.map((name) => option(name, name, name === state.operation)));
    numbers = rows;
    await counts();
    fill(side, dial(), delay(), others(rows, codes, "fault", report), others(rows, codes, "story", report));
  }

  search.addEventListener("input", () => { state.search = search.value.trim(); drawList(); });
  operation.addEventListener("change", () => { state.operation = operation.value; drawList(); });
  lane.addEventListener("change", () => { state.lane = Number(lane.value); all(); });
  const later = debounced(counts, 500);
  feed.addEventListener("change", later);
  all();
  return { node, close: () => feed.removeEventListener("change", later) };
}
