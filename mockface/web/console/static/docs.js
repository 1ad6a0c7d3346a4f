// The page at /docs: what /openapi.json says, to read, with a curl line for each operation. Nothing comes from elsewhere.
import { ROOT } from "./api.js";
import { code, fill, h } from "./dom.js";

let schemas = {};

/** A schema without its reference. */
function resolved(schema = {}) {
  const name = schema.$ref?.split("/").pop();
  return name ? schemas[name] || {} : schema;
}

/** A type in a few words: "integer", "array of object", "string or null". */
function kind(given) {
  const schema = resolved(given);
  const either = schema.anyOf || schema.oneOf;
  if (either) return [...new Set(either.map(kind))].join(" or ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(" | ");
  if (schema.type === "array") return `array of ${kind(schema.items)}`;
  return schema.title && schema.properties ? schema.title : schema.type || "any";
}

function rows(head, lines) {
  return h(
    "table",
    {},
    h("thead", {}, h("tr", {}, head.map((words) => h("th", { scope: "col" }, words)))),
    h("tbody", {}, lines.map((cells) => h("tr", {}, cells.map((cell) => h("td", {}, cell))))),
  );
}

function fields(given) {
  const schema = resolved(given);
  const inner = schema.type === "array" ? resolved(schema.items) : schema;
  const needed = new Set(inner.required || []);
  const lines = Object.entries(inner.properties || {}).map(([name, one]) => [
    needed.has(name) ? `${name} *` : name,
    kind(one),
    one.description || resolved(one).description || "",
  ]);
  return lines.length ? rows(["field", "type", "meaning"], lines) : h("p", {}, kind(given));
}

/** A value that fits a schema, for the curl line: its own example or default, else the plainest. */
function sample(given) {
  const schema = resolved(given);
  const own = schema.example ?? schema.examples?.[0] ?? schema.default;
  if (own !== undefined && own !== null) return own;
  const needed = schema.required || [];
  if (schema.properties) return Object.fromEntries(needed.map((name) => [name, sample(schema.properties[name])]));
  return { integer: 1, number: 1, boolean: true, array: [] }[schema.type] ?? "…";
}

function curl(verb, path, operation) {
  const url = `${ROOT}${path.split("#")[0]}`;
  const body = operation.requestBody?.content["application/json"];
  const lines = [`curl -s ${verb === "get" ? "" : `-X ${verb.toUpperCase()} `}'${url}'`];
  for (const one of operation.parameters || []) {
    if (one.in === "header" && one.required) lines.push(`-H '${one.name}: ${one.schema?.enum?.[0] ?? "…"}'`);
  }
  if (body) lines.push("-H 'Content-Type: application/json'", `-d '${JSON.stringify(sample(body.schema))}'`);
  return lines.join(" \\\n  ");
}

function heading(words, content) {
  return [h("h3", {}, words), content];
}

function inside(verb, path, operation) {
  const parameters = (operation.parameters || []).map((one) => [
    one.required ? `${one.name} *` : one.name,
    `${one.in}, ${kind(one.schema)}`,
    one.description || "",
  ]);
  const bodies = Object.entries(operation.requestBody?.content || {});
  const answers = Object.entries(operation.responses || {}).map(([status, one]) => [
    status,
    Object.entries(one.content || {}).map(([type, { schema }]) => `${type} ${kind(schema || {})}`).join(", "),
    one.description,
  ]);
  const good = Object.values(operation.responses["200"]?.content || operation.responses["201"]?.content || {})[0];
  return h(
    "div",
    { class: "inside" },
    operation.description && h("p", {}, operation.description),
    parameters.length > 0 && heading("parameters", rows(["name", "where and type", "meaning"], parameters)),
    bodies.map(([type, { schema }]) => heading(`body, ${type}`, fields(schema))),
    heading("answers", rows(["status", "body", "meaning"], answers)),
    good?.schema && resolved(good.schema).properties && heading("answer, fields", fields(good.schema)),
    heading("curl", code(curl(verb, path, operation), { label: `curl ${path}` })),
  );
}

/** The first sentence of what an operation does; FastAPI's own summary is but its function's name. */
function about(operation) {
  return operation.tags?.includes("emulated") ? operation.summary : (operation.description || "").split(/\.\s|\n|; /)[0];
}

function shown(verb, path, operation) {
  const details = h(
    "details",
    { id: `${verb}${path}` },
    h(
      "summary",
      {},
      h("span", { class: "verb" }, verb.toUpperCase()),
      h("span", { class: "path" }, path.replace("#", " · ")),
      h("span", { class: "about" }, about(operation)),
    ),
  );
  details.addEventListener("toggle", () => {
    if (details.children.length === 1) details.append(inside(verb, path, operation));
  });
  return details;
}

async function start() {
  const described = await (await fetch(`${ROOT}/openapi.json`)).json();
  schemas = described.components?.schemas || {};
  const groups = {};
  for (const [path, verbs] of Object.entries(described.paths)) {
    for (const [verb, operation] of Object.entries(verbs)) {
      (groups[operation.tags?.[0] || "other"] ||= []).push(shown(verb, path, operation));
    }
  }
  const page = h(
    "main",
    { class: "docs" },
    h("div", { class: "intro" }, h("h1", {}, `${described.info.title} ${described.info.version}`), h("p", {}, described.info.description)),
    h("p", {}, h("a", { href: `${ROOT}/` }, "Console"), " · ", h("a", { href: `${ROOT}/openapi.json` }, "openapi.json")),
    Object.entries(groups).map(([tag, operations]) => h("section", {}, h("h2", {}, tag), operations)),
  );
  fill(document.body, page, h("div", { id: "said", role: "status", "aria-live": "polite" }));
}

start();
