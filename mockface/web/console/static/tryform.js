// The fields of an operation as a form: what its record says, and a word of their own for those that have few values.
import { ROOT, post } from "./api.js";
import { chooser } from "./chooser.js";
import { button, field, fill, h, option } from "./dom.js";
import { PICTURE } from "./picture.js";
import { t } from "./text.js";
import { VIDEO } from "./video.js";

/** Fields that are taken and not looked at, or that the form asks for elsewhere: no input of their own. */
const IGNORED = ["Optional", "appid", "bucket", "seq", "session_id"];
/** Fields of few values: the first is the usual one. */
const CHOICES = { compare_flag: ["true", "false"], LivenessType: ["LIP", "ACTION", "SILENT"] };
/** Where digits come from: the operation that gives them, and the field of its answer. */
const OLD = { operation: "livegetfour", of: (answer) => (answer.data || {}).validate_data };
const GIVERS = {
  validate_data: () => OLD,
  ValidateData: (type) => ({
    LIP: { operation: "GetLiveCode", of: (answer) => answer.Response.LiveCode },
    ACTION: { operation: "GetActionSequence", of: (answer) => answer.Response.ActionSequence },
  })[type],
};

export const isImageApi = (operation) => operation.text_fields.includes("appid");

/** The field that a URL goes into in place of a file, "" where the operation has none. */
export function urlFieldOf(operation, file) {
  const name = file.startsWith("image") ? file.replace("image", "url") : file.replace(/Base64$/, "Url");
  return operation.text_fields.includes(name) ? name : "";
}

/** The field of an operation that digits go into, "" where it has none. */
const digitsFieldOf = (operation) => operation.text_fields.find((name) => name in GIVERS) || "";

function chooserOf(operation, name, kind) {
  const url = Boolean(urlFieldOf(operation, name));
  const alone = operation.picture_fields.length === 1 && operation.video_fields.length === 0;
  const legend = alone || name === "video" ? t(`try.${kind.name}`) : `${t(`try.${kind.name}`)} (${name})`;
  const none = operation.name === "idcardcompare" ? t("source.none_hint") : t(operation.action ? "source.none_hint3" : "source.none_field", { field: name });
  return chooser(kind, { field: name, legend, url, forms: isImageApi(operation) && alone, none, begin: operation.action ? "sample" : "" });
}

/**
 * The parts of the form that are an operation's own: { nodes, digits: the input of digits or null, get(): { fields, files },
 * close() }. `account()` is the appid that digits are asked for, `digits` what their input begins with.
 */
export function partsOf(operation, { account, digits = "" }) {
  const inputs = new Map();
  const choosers = [
    ...operation.video_fields.map((name) => chooserOf(operation, name, VIDEO)),
    ...operation.picture_fields.map((name) => chooserOf(operation, name, PICTURE)),
  ];
  const urls = choosers.map((one) => urlFieldOf(operation, one.field));
  const asked = operation.text_fields.filter((name) => ![operation.number_field, operation.name_field, ...IGNORED, ...urls].includes(name));
  const digitsField = digitsFieldOf(operation);
  const rows = asked.map((name) => {
    const input = CHOICES[name] ? h("select", { name }, CHOICES[name].map((value) => option(value, value))) : h("input", { name, autocomplete: "off" });
    inputs.set(name, input);
    return name === digitsField ? digitsRow(name, input) : field(name, input);
  });

  function digitsRow(name, input) {
    input.value = digits;
    const said = h("p", { class: "hint", role: "status" });
    const give = button("", ask);
    const giver = () => GIVERS[name]((inputs.get("LivenessType") || {}).value);
    const tell = () => {
      const from = giver();
      give.hidden = !from;
      fill(give, from && t("digits.get", { operation: from.operation }));
      fill(said, from ? "" : t("digits.none"));
    };
    async function ask() {
      give.disabled = true;
      try {
        const answer = await answerOf(giver().operation, account());
        const given = giver().of(answer);
        if (given) {
          input.value = given;
          input.dispatchEvent(new Event("input"));
        }
        fill(said, given ? t("digits.given", { operation: giver().operation, digits: given }) : t("digits.refused", { operation: giver().operation, code: String(answer.code ?? ((answer.Response || {}).Error || {}).Code) }));
      } catch (fault) {
        fill(said, t("digits.refused", { operation: giver().operation, code: fault.message }));
      } finally {
        give.disabled = false;
      }
    }
    const type = inputs.get("LivenessType");
    if (type) type.addEventListener("change", () => { input.value = ""; tell(); });
    tell();
    return h("div", { class: "digits" }, field(name, input), give, said);
  }

  return {
    nodes: [...rows, ...choosers.map((one) => one.node)],
    digits: inputs.get(digitsField) || null,
    close() {
      for (const one of choosers) one.close();
    },
    get() {
      const fields = {};
      // No digits are told apart from none that were asked for.
      for (const [name, input] of inputs) if (input.value || name === digitsField) fields[name] = input.value;
      const files = [];
      for (const [at, one] of choosers.entries()) {
        const { url, file = null, form, sample } = one.get();
        if (url !== undefined) fields[urls[at]] = url;
        else files.push({ field: one.field, file, form, sample });
      }
      return { fields, files };
    },
  };
}

/** What an operation without a person answers, sent as anyone would. */
async function answerOf(name, appid) {
  const signed = appid ? await post("/sign", { appid }) : null;
  const example = await post(`/operations/${encodeURIComponent(name)}/example`, signed ? { appid } : {});
  const headers = signed ? { ...example.headers, Authorization: signed.authorization } : example.headers;
  return (await fetch(ROOT + example.path, { method: "POST", headers, body: example.body, cache: "no-store" })).json();
}
