// What is loaded, from where, since when; the scenarios of run time, which can be changed here; and what a number gets.
import { api, once } from "./api.js";
import { announce, button, code, debounced, field, fill, h, sentences } from "./dom.js";
import { scenarioForm } from "./scenarioform.js";
import { dateTime, t, told } from "./text.js";

const PAGE = 100;
const LOOK_AGAIN_MS = 2000;

function loaded(health, settings, total) {
  const from = settings.scenarios.map((path) => h("div", { class: "mono" }, path));
  if (!settings.no_shipped) from.push(h("div", {}, t("scenarios.shipped")));
  return h(
    "section",
    { class: "card" },
    h("h2", {}, t("scenarios.loaded")),
    h("dl", { class: "facts" },
      h("dt", {}, t("scenarios.count")), h("dd", {}, String(total)),
      h("dt", {}, t("scenarios.from")), h("dd", {}, from),
      h("dt", {}, t("scenarios.when")), h("dd", {}, dateTime(health.loaded_at), health.reloads > 0 ? ` · ${t("scenarios.reloads", { count: health.reloads })}` : "")),
    health.errors.length > 0 &&
      h("div", { class: "fault", role: "alert" }, h("p", {}, h("strong", {}, t("scenarios.errors", { time: dateTime(health.loaded_at) }))), code(told(health, "errors").join("\n"), { label: t("scenarios.errors_label") })),
  );
}

function lookUp() {
  const shown = h("div", { role: "status" });
  const input = h("input", { class: "mono", autocomplete: "off", spellcheck: "false", placeholder: "110110199905018032" });
  const ask = debounced(async () => {
    const number = input.value.trim();
    if (!number) return fill(shown);
    const found = await api(`/scenarios/${encodeURIComponent(number)}`);
    return fill(
      shown,
      h("p", { class: "answered" }, t(found.by_default ? "scenarios.by_default" : "scenarios.by", { number: told(found, "number"), origin: told(found, "origin") })),
      h("ol", { class: "steps" }, sentences("li", found, "steps", { class: "mono" })),
      found.name && h("p", {}, t("scenarios.name", { name: found.name })),
      found.near_misses.length > 0 && h("div", { class: "near" }, h("p", {}, t("call.near")), h("ul", {}, sentences("li", found, "near_misses", { class: "mono" }))),
    );
  }, 150);
  input.addEventListener("input", ask);
  return h("section", { class: "card" }, h("h2", {}, t("scenarios.which")), field(t("try.number"), input), shown);
}

function line(scenario, actions = null) {
  const steps = told(scenario, "steps").join(" → ") + (scenario.then !== "repeat" ? ` → ${t(`then.${scenario.then}`)}` : "");
  return h(
    "tr",
    {},
    h("td", { class: "mono" }, scenario.number),
    h("td", {}, h("span", { class: "mono steps-line" }, steps), scenario.name && h("span", { class: "tag" }, scenario.name), scenario.note && h("span", { class: "hint" }, scenario.note)),
    actions ? h("td", { class: "actions" }, actions) : h("td", { class: "mono origin" }, scenario.origin),
  );
}

function table(caption, last, rows) {
  const heads = [t("column.number"), t("scenarios.answers"), last].map((words) => h("th", { scope: "col" }, words));
  return h("table", { class: "scenarios" }, h("caption", { class: "hidden" }, caption), h("thead", {}, h("tr", {}, heads)), h("tbody", {}, rows));
}

/** The view. */
export function scenariosView() {
  const status = h("div");
  const added = h("div");
  const files = h("div");
  const place = h("div");
  const node = h(
    "div",
    { class: "scenarios-view" },
    h("h1", {}, t("view.scenarios")),
    h("p", { class: "lead" }, t("scenarios.lead")),
    h("div", { class: "columns even" }, status, lookUp()),
    h("section", { class: "card" }, h("div", { class: "headed" }, h("h2", {}, t("scenarios.added")), button(t("scenarios.add"), () => edit(null), { kind: "primary", sign: "plus" })), place, added),
    h("section", { class: "card" }, h("h2", {}, t("scenarios.files")), files),
  );
  let shown = PAGE;
  let drawn = "";

  async function draw() {
    const [health, settings, list] = await Promise.all([api("/health"), api("/settings"), api(`/scenarios?limit=${shown}`)]);
    const now = JSON.stringify([health, settings, list, shown]);
    // What has not changed is left alone: a redraw would take the focus away.
    if (now === drawn) return;
    drawn = now;
    fill(status, loaded(health, settings, list.total));
    const mine = list.scenarios.filter((one) => one.added);
    const theirs = list.scenarios.filter((one) => !one.added);
    fill(added, mine.length > 0 ? table(t("scenarios.added"), t("scenarios.change"), mine.map((one) => line(one, [button(t("scenarios.edit"), () => edit(one), { kind: "small", sign: "edit" }), button(t("scenarios.remove"), () => remove(one), { kind: "small", sign: "trash" })]))) : h("p", { class: "hint" }, t("scenarios.none_added")));
    fill(files, table(t("scenarios.files"), t("scenarios.where"), theirs.map((one) => line(one))), list.total > shown && button(t("scenarios.more", { count: list.total - shown }), () => { shown = Math.min(1000, shown + PAGE); draw(); }));
  }

  async function edit(scenario) {
    const [schema, table_] = await Promise.all([once("/schema"), once("/codes")]);
    const close = () => fill(place);
    fill(place, scenarioForm(schema.$defs, table_, scenario, { done: async (person) => { close(); announce(t("scenarios.done", { number: person.idcard_number })); await draw(); }, close }));
    place.querySelector("input, select").focus();
  }

  async function remove(scenario) {
    await api(`/scenarios/${encodeURIComponent(scenario.number)}`, { method: "DELETE" });
    announce(t("scenarios.removed", { number: scenario.number }));
    await draw();
  }

  draw();
  const timer = setInterval(() => document.hidden || draw().catch(() => null), LOOK_AGAIN_MS);
  return { node, close: () => clearInterval(timer) };
}
