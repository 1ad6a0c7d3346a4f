// Make a call of an emulated operation by hand, and see it as it went.
import { api, once } from "./api.js";
import { codesOfServer } from "./codes.js";
import { debounced, field, fill, h, icon, option } from "./dom.js";
import { isImageApi, partsOf } from "./tryform.js";
import { run } from "./trysend.js";
import { maybe, meanings, t, told } from "./text.js";

const BREAKAGES = ["missing", "malformed", "expired", "wrong_key", "replayed", "other_appid"];
const BREAKAGES3 = ["missing", "malformed", "expired", "wrong_key"];
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
function picker(rows, codes, chosen, operation) {
  const groups = new Map();
  for (const row of rows) {
    const family = familyOf(row) || codes.of(row).group;
    if (!groups.has(family)) groups.set(family, []);
    groups.get(family).push(option(row.idcard_number, outcomeWords(row, codes), row.idcard_number === chosen));
  }
  return [option("", t(operation.number_field ? "try.typed" : "try.typed_digits"), !chosen), ...[...groups].map(([family, options]) => h("optgroup", { label: t(`group.${family}`) }, options))];
}

/** A number of the reserved family without its lane and check digit, which go with it. */
export function inFirstLane(number) {
  return number.slice(0, 12) + number.slice(14, 17);
}

/** What an operation can be made to say: the rows of GET /numbers, the codes among them its own. */
export function numbersOf(rows, codes, operation) {
  const mine = codes.rows.filter((known) => known.operation === operation.name && known.group !== "success");
  // Without a number, the digits that are read aloud say what happens.
  if (!operation.number_field) return mine.filter((known) => operation.digits[known.code]).map((known) => ({ ...known, kind: "code", idcard_number: operation.digits[known.code] }));
  const laned = new Map(rows.filter((row) => row.kind === "code").map((row) => [inFirstLane(row.idcard_number), row.idcard_number]));
  const own = mine
    .filter((known) => known.idcard_number)
    .map((known) => ({ ...known, kind: "code", idcard_number: laned.get(inFirstLane(known.idcard_number)) || known.idcard_number }));
  // Without a picture or a video there is nothing that could be similar.
  const scored = operation.picture_fields.length + operation.video_fields.length > 0;
  const others = rows.filter((row) => row.kind !== "code" && (scored || row.kind !== "similarity" || row.similarity === 100));
  const found = others.findIndex((row) => row.kind !== "similarity");
  const at = found < 0 ? others.length : found;
  return [...others.slice(0, at), ...own, ...others.slice(at)];
}

/** The view. `rest` is a number to begin with (or digits), if any, and behind a "/" the operation. */
export function tryView(rest) {
  const node = h("div", { class: "try" }, h("h1", {}, t("view.try")), h("p", { class: "lead" }, t("try.lead")));
  const parts = { now: null, gone: false };
  Promise.all([codesOfServer(), api("/switches"), once("/operations")]).then(([codes, switches, operations]) => {
    if (!parts.gone) node.append(h("div", { class: "columns" }, ...form(rest, codes, switches, parts, operations)));
  });
  return {
    node,
    close() {
      parts.gone = true;
      if (parts.now) parts.now.close();
    },
  };
}

function form(rest, codes, switches, parts, operations) {
  const [given, wanted] = decodeURIComponent(rest || "").split("/");
  const begun = operations.find((one) => one.name === wanted) || operations[0];
  const result = h("div", { class: "result" }, h("div", { class: "empty small" }, h("p", {}, t("try.nothing_yet"))));
  const outcome = h("select", {});
  const lane = h("select", {}, LANES.map((number) => option(number, String(number).padStart(2, "0"))));
  const number = h("input", { class: "mono", autocomplete: "off", spellcheck: "false", value: (begun.number_field && given) || "110110199905018032" });
  const name = h("input", { value: "张三", autocomplete: "off" });
  const would = h("p", { class: "would", role: "status" });
  const broken = h("select", {});
  const brokenHint = h("p", { class: "hint" });
  const operation = h("select", {}, operations.map((one) => option(one.name, `${one.name} · ${one.path}`, one.name === wanted)));
  const own = h("div", { class: "own" });
  const account = h("select", {}, switches.accounts.map((one) => option(one.appid, one.appid + (one.built_in ? ` (${t("try.test_account")})` : ""))));
  /** The operation that is chosen. */
  const selected = () => operations.find((one) => one.name === operation.value);
  const isFirst = () => selected() === operations[0];
  const is3 = () => Boolean(selected().action);
  const hasNumber = () => Boolean(selected().number_field);
  /** The input that says what happens: that of the number, or of the digits; null for an operation without both. */
  const key = () => (hasNumber() ? number : parts.now.digits);

  async function numbers() {
    const asked = selected();
    const rows = hasNumber() ? await api(`/numbers?lane=${lane.value}`) : [];
    if (asked !== selected()) return;
    const input = key();
    fill(outcome, input ? picker(numbersOf(rows, codes, asked), codes, input.value, asked) : []);
  }
  const lookUp = debounced(async () => {
    const asked = selected();
    const says = hasNumber() ? number.value.trim() : asked.name;
    if (!says) return fill(would, t(isFirst() ? "try.no_number" : "try.no_number_other"));
    const found = await api(`/scenarios/${encodeURIComponent(says)}`);
    if (asked !== selected()) return null;
    const gets = told(found, "steps").join(" → ");
    const known = hasNumber() && codes.rows.find((row) => row.operation === asked.name && row.group !== "success" && row.idcard_number && inFirstLane(row.idcard_number) === inFirstLane(says));
    const as = !isFirst() && known && !gets.includes(known.code) ? ` ${t("try.said_as", { operation: asked.name, code: known.code })}` : "";
    const spelled = !hasNumber() && parts.now.digits && codes.rows.find((row) => row.operation === asked.name && asked.digits[row.code] === parts.now.digits.value.trim());
    if (spelled) return fill(would, t("try.would_spell", { digits: asked.digits[spelled.code], code: spelled.code }));
    return fill(would, t(!found.by_default ? "try.would" : hasNumber() ? "try.would_default" : "try.would_named", { steps: gets, origin: told(found, "origin"), operation: asked.name }), as);
  }, 150);

  const keyed = () => {
    outcome.value = [...outcome.options].some((one) => one.value === key().value) ? key().value : "";
    lookUp();
  };
  outcome.addEventListener("change", () => {
    if (outcome.value && key()) key().value = outcome.value;
    lookUp();
  });
  number.addEventListener("input", keyed);
  lane.addEventListener("change", async () => {
    const at = outcome.selectedIndex;
    await numbers();
    if (at > 0) number.value = outcome.options[at].value;
    outcome.selectedIndex = at;
    lookUp();
  });
  broken.addEventListener("change", () => {
    const unnoticed = broken.value === "wrong_key" && switches.signature !== "verify";
    fill(brokenHint, switches.signature === "off" && broken.value ? t("break.off") : unnoticed ? t(is3() ? "break3.verify_only" : "break.verify_only") : "");
  });
  const breakages = () => {
    const row = is3() ? BREAKAGES3.map((how) => option(how, t(`break3.${how}`))) : BREAKAGES.map((how) => option(how, t(`break.${how}`)));
    fill(broken, option("", t("break.none")), row);
    fill(brokenHint);
  };
  const shape = (digits = "") => {
    if (parts.now) parts.now.close();
    parts.now = partsOf(selected(), { account: () => (isImageApi(selected()) ? account.value : ""), digits });
    fill(own, parts.now.nodes);
    if (parts.now.digits) parts.now.digits.addEventListener("input", hasNumber() ? lookUp : keyed);
    for (const part of [signing, brokenHint]) part.hidden = !isImageApi(selected()) && !is3();
    accounts.hidden = !isImageApi(selected());
    outcomes.hidden = !key();
    lanes.hidden = !hasNumber();
    numbered.hidden = !hasNumber();
    named.hidden = !selected().name_field;
    breakages();
  };
  operation.addEventListener("change", () => {
    shape();
    numbers();
    lookUp();
  });

  const send = h("button", { type: "submit", class: "button primary large" }, icon("send"), t("try.send"));
  const numbered = field(t("try.number"), number);
  const named = field(t("try.name"), name);
  const accounts = field(t("try.account"), account);
  const signing = h("div", { class: "pair" }, field(t("try.signature"), broken), accounts);
  const lanes = field(t("filter.lane"), lane);
  const outcomes = h("div", { class: "pair" }, field(t("try.outcome"), outcome), lanes);
  const made = h(
    "form",
    { class: "card form", on: { submit: (event) => { event.preventDefault(); go(); } } },
    operations.length > 1 && field(t("try.operation"), operation),
    outcomes,
    numbered,
    would,
    named,
    own,
    signing,
    brokenHint,
    send,
  );

  async function go() {
    send.disabled = true;
    fill(result, h("div", { class: "empty small" }, h("p", { role: "status" }, t("try.waiting"))));
    if (result.getBoundingClientRect().top > window.innerHeight / 2) result.scrollIntoView({ block: "start" });
    try {
      const asked = selected();
      const person = {};
      if (asked.number_field) person[asked.number_field] = number.value;
      if (asked.name_field) person[asked.name_field] = name.value;
      const { fields, files } = parts.now.get();
      const how = isImageApi(asked) || is3() ? broken.value : "";
      await run({ operation: asked, fields: { ...person, ...fields }, files, number: asked.number_field ? number.value : "", appid: account.value, broken: how }, result, codes);
    } catch (fault) {
      fill(result, h("p", { class: "fault", role: "alert" }, fault.message));
    } finally {
      send.disabled = false;
    }
  }
  shape(begun.number_field ? "" : given);
  numbers();
  lookUp();
  return [made, result];
}
