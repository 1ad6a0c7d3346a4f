// The form of a scenario of run time. Its choices come from the schema of scenario files; the server checks the rest.
import { post } from "./api.js";
import { button, field, fill, h, option } from "./dom.js";
import { meanings, t } from "./text.js";

const SIMPLE = new Set(["similarity", "code", "delay", "fault", "message", "status"]);

/** What the schema lets a field be, by name. */
function choices(schema, name) {
  const described = schema.step.properties[name];
  return (described.oneOf || [described]).flatMap((one) => one.enum || []).filter((value) => typeof value === "string");
}

/** Whether a step can be shown in the form; others are edited as text. */
function isSimple(step) {
  return Object.entries(step).every(([name, value]) => SIMPLE.has(name) && typeof value !== "object");
}

function stepRow(schema, step, table, remove) {
  const kind = h("select", {}, ["similarity", "code", "fault"].map((name) => option(name, t(`kind.${name}`), name in step && (name !== "fault" || !("similarity" in step || "code" in step)))));
  const similarity = h("input", { type: "number", min: 0, max: 100, step: 0.1, value: step.similarity ?? 92.5, "aria-label": t("similarity") });
  const names = new Map(table.map((known) => [known.name, known]));
  const given = table.find((known) => known.name === step.code || known.code === Number(step.code));
  const code = h("select", { "aria-label": t("kind.code") }, choices(schema, "code").map((name) => option(name, `${names.get(name).code} ${meanings(names.get(name))[0]}`, given && given.name === name)));
  const fault = h("select", {}, option("", t("form.no_fault")), choices(schema, "fault").map((name) => option(name, t(`fault.${name}`), step.fault === name)));
  const delay = h("input", { value: step.delay ?? "", placeholder: "300ms, 3s", size: 8 });
  const value = h("div", { class: "value" });
  const show = () => fill(value, { similarity, code, fault: null }[kind.value]);
  kind.addEventListener("change", show);
  show();
  return {
    node: h("li", { class: "step" }, field(t("form.outcome"), kind), value, field(t("form.fault"), fault), field(t("form.delay"), delay), remove && button(t("form.remove_step"), remove, { kind: "small", sign: "trash" })),
    get() {
      const made = {};
      if (kind.value === "similarity") made.similarity = Number(similarity.value);
      if (kind.value === "code") made.code = code.value;
      if (fault.value) made.fault = fault.value;
      if (delay.value.trim()) made.delay = delay.value.trim();
      for (const name of ["message", "status"]) if (name in step) made[name] = step[name];
      return made;
    },
  };
}

/** The form for a scenario, or for a new one: `schema` is that of files, `table` the codes.
 * `done` gets the person that was made, `close` is called to give up. */
export function scenarioForm(schema, table, scenario, { done, close }) {
  const fields = scenario ? scenario.fields : { similarity: 92.5 };
  const { name = "", note = "", sequence = null, then = "repeat", ...single } = fields;
  const given = sequence || [single];
  const fault = h("p", { class: "fault", role: "alert" });
  const number = h("input", { class: "mono", autocomplete: "off", value: scenario ? scenario.number : "", readonly: Boolean(scenario), placeholder: t("form.minted") });
  const person = h("input", { value: name, autocomplete: "off" });
  const remark = h("input", { value: note, autocomplete: "off" });
  const follows = h("select", {}, schema.scenario.properties.then.enum.map((word) => option(word, t(`then.${word}`), word === then)));
  const list = h("ol", { class: "form-steps" });
  const after = h("div");
  const text = h("textarea", { class: "mono", rows: 8, spellcheck: "false" });
  const body = h("div");
  let steps = [];
  let byText = !given.every(isSimple);

  function collected() {
    if (byText) return JSON.parse(text.value);
    const made = steps.map((step) => step.get());
    const outcome = made.length > 1 ? { sequence: made, ...(follows.value === "repeat" ? {} : { then: follows.value }) } : made[0];
    return { ...(person.value && { name: person.value }), ...(remark.value && { note: remark.value }), ...outcome };
  }

  function rows(values) {
    steps = [];
    for (const value of values) {
      const step = stepRow(schema, value, table, values.length > 1 ? () => rows(steps.filter((one) => one !== step).map((one) => one.get())) : null);
      steps.push(step);
    }
    fill(list, steps.map((step) => step.node));
    fill(after, button(t("form.add_step"), () => rows([...steps.map((step) => step.get()), { similarity: 92.5 }]), { kind: "small", sign: "plus" }), steps.length > 1 && field(t("form.then"), follows));
  }

  function draw() {
    const toggle = button(t(byText ? "form.as_form" : "form.as_text"), turn, { kind: "small" });
    fill(
      body,
      byText ? field(t("form.text"), text, t("form.text_hint")) : [h("div", { class: "pair" }, field(t("form.name"), person), field(t("form.note"), remark)), list, after],
      h("p", { class: "actions" }, toggle),
    );
  }

  function turn() {
    fill(fault);
    try {
      const now = collected();
      if (byText) {
        const { name: n = "", note: m = "", sequence: s = null, then: f = "repeat", ...one } = now;
        if (!(s || [one]).every(isSimple)) throw new Error(t("form.only_text"));
        person.value = n;
        remark.value = m;
        follows.value = f;
        rows(s || [one]);
      } else text.value = JSON.stringify(now, null, 2);
      byText = !byText;
      draw();
    } catch (problem) {
      fill(fault, problem.message);
    }
  }

  async function save(event) {
    event.preventDefault();
    fill(fault);
    try {
      const chosen = number.value.trim() ? { number: number.value.trim() } : {};
      await done(await post("/scenarios", { ...collected(), ...chosen }));
    } catch (problem) {
      fill(fault, problem.message);
    }
  }

  text.value = JSON.stringify(fields, null, 2);
  if (!byText) rows(given);
  draw();
  return h(
    "form",
    { class: "scenario-form", on: { submit: save } },
    field(t("form.number"), number, scenario ? null : t("form.number_hint")),
    body,
    fault,
    h("p", { class: "actions" }, h("button", { type: "submit", class: "button primary" }, t(scenario ? "form.save" : "form.add")), button(t("form.cancel"), close)),
  );
}
