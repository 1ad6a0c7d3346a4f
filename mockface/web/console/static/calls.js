// The calls as they come, one line each, filtered; and beside them the one that is open.
import { ROOT, once, post } from "./api.js";
import { announce, button, copyButton, field, fill, h, option, sentence } from "./dom.js";
import { feed, LIMIT } from "./feed.js";
import { callPanel } from "./call.js";
import { codesOfServer } from "./codes.js";
import { bytes, clockTime, meanings, t } from "./text.js";

export const ROWS = 200;
const FAMILY = "1101101999";
const filters = { group: "", number: "", lane: "", fell: false, odd: false };

/** The lane that a number of the reserved family is of, "" for others. */
function laneOf(number) {
  return number.startsWith(FAMILY) && number.length === 18 ? Number(number.slice(12, 14)) : "";
}

function passes(call, codes) {
  if (filters.group && codes.of(call).group !== filters.group && (call.also === null || codes.also(call).group !== filters.group)) return false;
  const wanted = filters.number.toUpperCase().trim();
  if (wanted && ![call.number, call.request_id || "", call.id].some((one) => one.toUpperCase().includes(wanted))) return false;
  if (filters.lane && laneOf(call.number) !== Number(filters.lane)) return false;
  return (!filters.fell || call.by_default) && (!filters.odd || call.notes > 0);
}

function sizeBar(size, limit) {
  const bar = h("span", { class: "bar", "aria-hidden": "true" });
  bar.style.setProperty("--part", `${Math.min(100, Math.max(1, (100 * size) / limit))}%`);
  if (size > limit) bar.classList.add("over");
  return bar;
}

/** Whether the client met no whole answer of the service: not what the code says. `slow` brings all of it. */
function isBroken({ status, fault }) {
  return status !== 200 || (fault !== null && fault !== "slow");
}

/** What happened to an answer on its way: its fault, its planned delay, an HTTP status other than 200. */
function wayTags({ fault, delay_s: delay, status, similarity }) {
  return [
    fault && h("span", { class: "badge bad" }, t("way.fault", { fault })),
    delay > 0 && h("span", { class: "badge" }, t("way.delay", { seconds: Number(delay.toFixed(3)) })),
    status !== 200 && h("span", { class: similarity === null ? "badge" : "badge odd" }, `HTTP ${status}`),
  ];
}

/** The codes of a call with what happened on the way; a broken answer has not the colour of a success. */
export function codesOf(call, codes) {
  const chip = (known) => codeChip(isBroken(call) && known.group === "success" ? { ...known, group: "broken" } : known);
  return [chip(codes.of(call)), call.also !== null && chip(codes.also(call)), ...wayTags(call)];
}

function cell(kind, ...content) {
  return h("span", { role: "cell", class: `cell ${kind}` }, content);
}

/** One call as a line: a row of the table, its first cell a link that opens it. */
function row(call, codes, limit, open) {
  const known = codes.of(call);
  const [meaning] = meanings(known);
  const outcome = call.similarity !== null ? `${t("similarity")} ${call.similarity.toFixed(1)}` : meaning;
  const time = h("a", { href: `#/calls/${call.id}`, "aria-current": open === call.id ? "true" : null }, clockTime(call.at));
  return h(
    "div",
    { role: "row", class: `row${open === call.id ? " open" : ""}`, "data-id": call.id },
    cell("time", time),
    cell("number mono", call.number.replace(/^\*+$/, "") || "–"),
    cell("outcome", codesOf(call, codes), h("span", { class: "meaning" }, outcome)),
    cell(call.scenario ? "scenario mono" : "scenario", call.by_default ? h("span", { class: "tag" }, t("fell")) : call.scenario || sentence("span", call, "why")),
    cell("form", codes.operations.length > 1 && h("span", { class: "operation", title: call.operation }, call.operation), h("span", {}, t(`form.${call.form}`))),
    cell("size", sizeBar(call.size_bytes, limit), h("span", {}, bytes(call.size_bytes))),
    cell("signature", signatureBadge(call), call.notes > 0 && h("span", { class: "tag odd", title: t("filter.odd") }, t("odd"))),
    cell("took", `${call.elapsed_ms < 10 ? call.elapsed_ms.toFixed(1) : Math.round(call.elapsed_ms)} ms`),
  );
}

/** A code; a long one may break behind its dots. */
export function codeChip(known, { breaks = false } = {}) {
  const parts = breaks ? String(known.code).split(/(?<=\.)/) : [String(known.code)];
  return h("span", { class: `chip ${known.group}`, title: known.name }, parts.flatMap((part, at) => (at ? [h("wbr"), part] : [part])));
}

/** A call's signature in a word; what no check looked at is no mistake, so it is grey. */
function signatureBadge({ signature, signature_checked: checked }) {
  if (!checked && signature === "missing") return h("span", { class: "badge plain" }, t("signature.not_checked"));
  const good = { verified: "good", "unknown account": "plain" }[signature] || (checked ? "bad" : "plain");
  return h("span", { class: `badge ${good}` }, t(`signature.${signature}`));
}

const COLUMNS = ["time", "number", "outcome", "scenario", "form", "size", "signature", "took"];

function head() {
  const cells = COLUMNS.map((name) => h("span", { role: "columnheader", class: `cell ${name}`, title: name === "took" && t("column.took_hint") }, t(`column.${name}`)));
  return h("div", { role: "row", class: "row head" }, cells);
}

function empty() {
  const here = ROOT;
  const filtered = feed.calls.length > 0;
  if (filtered) return h("div", { class: "empty" }, h("h2", {}, t("empty.filtered")), button(t("filter.clear"), forget));
  return h(
    "div",
    { class: "empty" },
    h("h2", {}, t("empty.title")),
    h("p", {}, t("empty.point")),
    h("p", { class: "address" }, h("code", {}, here), copyButton(() => here, t("copy"), { compact: true })),
    h("p", {}, t("empty.or")),
    h("p", { class: "actions" }, h("a", { class: "button primary", href: "#/try" }, t("empty.try")), h("a", { class: "button", href: "#/outcomes" }, t("empty.outcomes"))),
  );
}

let redraw = () => {};

function forget() {
  Object.assign(filters, { group: "", number: "", lane: "", fell: false, odd: false });
  redraw({ controls: true });
}

function controls(codes) {
  const groups = [...new Set(codes.rows.map((row) => row.group))];
  const change = (name, of) => (event) => {
    filters[name] = of(event.target);
    redraw();
  };
  const text = (target) => target.value;
  const ticked = (target) => target.checked;
  const lanes = Array.from({ length: 28 }, (_, at) => option(at + 1, String(at + 1).padStart(2, "0"), filters.lane === String(at + 1)));
  const tick = (name) =>
    h("label", { class: "tick" }, h("input", { type: "checkbox", checked: filters[name], on: { change: change(name, ticked) } }), t(`filter.${name}`));
  return h(
    "div",
    { class: "filters", role: "search", "aria-label": t("filter.all") },
    field(t("filter.group"), h("select", { on: { change: change("group", text) } }, option("", t("filter.any")), groups.map((group) => option(group, t(`group.${group}`), group === filters.group)))),
    field(t("filter.number"), h("input", { type: "search", class: "mono", value: filters.number, placeholder: "110110…", title: t("filter.number_hint"), on: { input: change("number", text) } })),
    field(t("filter.lane"), h("select", { on: { change: change("lane", text) } }, option("", t("filter.any")), lanes)),
    h("div", { class: "ticks" }, tick("fell"), tick("odd")),
  );
}

/** The view. `rest` is the id of the call to open, if any. */
export function callsView(rest) {
  let open = rest;
  let held = null;
  const list = h("div", { role: "table", class: "calls", "aria-label": t("view.calls") });
  const rows = h("div", { role: "rowgroup", class: "rows" });
  const note = h("p", { class: "note" });
  const filterPlace = h("div");
  const detail = h("section", { class: "detail", "aria-label": t("call.open") });
  const pause = h("button", { type: "button", class: "button", on: { click: hold } });
  const node = h(
    "div",
    { class: "split" },
    h("h1", { class: "hidden" }, t("view.calls")),
    h("div", { class: "list" }, h("div", { class: "toolbar" }, filterPlace, h("div", { class: "buttons" }, pause, button(t("clear"), clear, { sign: "trash" }))), list, note),
    detail,
  );

  let codes = null;
  let limit = 6 * 1024 * 1024;
  const drawn = new Map();

  function hold() {
    held = held ? null : [...feed.calls];
    draw();
  }

  async function clear() {
    await post("/reset", { journal: true });
    feed.clear();
    held = null;
    announce(t("cleared"));
    if (open) location.hash = "#/calls";
    draw();
  }

  /** Rows are kept and moved, so that a burst draws only what is new. */
  function draw({ controls: anew = false } = {}) {
    if (!codes) return;
    if (anew) fill(filterPlace, controls(codes));
    const from = held || feed.calls;
    const found = [];
    for (const call of from) {
      if (passes(call, codes)) found.push(call);
      if (found.length === ROWS) break;
    }
    const wanted = new Set(found.map((call) => call.id));
    for (const [id, line] of drawn) if (!wanted.has(id)) { line.remove(); drawn.delete(id); }
    let place = rows.firstChild;
    for (const call of found) {
      const line = drawn.get(call.id) || row(call, codes, limit, open);
      if (line === place) place = place.nextSibling;
      else rows.insertBefore(line, place);
      drawn.set(call.id, line);
    }
    fill(list, found.length > 0 && head(), rows, found.length === 0 && h("div", { role: "row" }, h("div", { role: "cell" }, empty())));
    const behind = held ? feed.calls.findIndex((call) => call.id === (held[0] || {}).id) : 0;
    const waiting = behind < 0 ? `${LIMIT}+` : String(behind);
    node.classList.toggle("nothing", feed.calls.length === 0 && !held);
    fill(pause, held ? t("resume", { count: waiting }) : t("pause"));
    pause.setAttribute("aria-pressed", Boolean(held));
    fill(note, found.length === ROWS ? t("list.bounded", { rows: ROWS, limit: LIMIT }) : "");
  }

  function show(id) {
    for (const line of [drawn.get(open), drawn.get(id)].filter(Boolean)) {
      const on = line.dataset.id === id;
      line.classList.toggle("open", on);
      line.querySelector("a").setAttribute("aria-current", on ? "true" : "false");
    }
    open = id;
    node.classList.toggle("has-open", Boolean(id));
    fill(detail);
    if (id && codes) callPanel(detail, id, codes).catch((fault) => fill(detail, h("p", { class: "fault", role: "alert" }, fault.message)));
  }

  rows.addEventListener("click", (event) => {
    const line = event.target.closest(".row");
    if (line && !event.target.closest("a") && !String(getSelection())) location.hash = `#/calls/${line.dataset.id}`;
  });
  redraw = draw;
  const tell = () => draw();
  feed.addEventListener("change", tell);
  Promise.all([codesOfServer(), once("/settings")]).then(([table, settings]) => {
    codes = table;
    limit = settings.body_limit;
    draw({ controls: true });
    show(open);
  });
  return { node, update: show, close: () => feed.removeEventListener("change", tell) };
}
