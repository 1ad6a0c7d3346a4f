// A call of API 3.0 as a text that makes it again: by curl, by the vendor's SDKs, as a test, as a scenario. Text only.
//
// A call: { url, action, example: { headers, body }, fields: [[name, value], …], files: [{ field, name }, …] that go in
// base64, each with what it is saved as, keys: { secret_id, secret_key }, call, masked, name }.
import { KINDS } from "./video.js";

const quoted = JSON.stringify;
const VERSION = "2018-03-01";
const REGION = "ap-guangzhou";
/** A word of a shell may not be of any length: a longer body is put together of its files. */
const INLINE = 60_000;

/** A word for a POSIX shell. */
const shell = (text) => `'${text.replaceAll("'", "'\\''")}'`;
const php_ = (text) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
const javaText = (text) => quoted(text).replace(/[^\x00-\x7f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);

const host = (made) => new URL(made.url).host;
const scheme = (made) => new URL(made.url).protocol.replace(":", "");

/** Where the sample videos of a call come from, as a line of a copy. */
function origin(made, mark) {
  const videos = made.files.filter(({ name, sample }) => sample && name in KINDS).map(({ name }) => name);
  return videos.length > 0 ? `${mark} ${videos.join(", ")}: 'mockface samples .' writes it here\n` : "";
}

/** A body as a list of words for a shell: its texts, and the files whose base64 is too long for one. */
function pieces(made, body) {
  const values = JSON.parse(body);
  let rest = body;
  const printed = [];
  const placed = made.files.filter(({ field }) => values[field]).map((file) => [body.indexOf(values[file.field]), file]).sort(([one], [other]) => one - other);
  for (const [, { field, name }] of placed) {
    const at = rest.indexOf(values[field]);
    printed.push(`printf '%s' ${shell(rest.slice(0, at))}; base64 < ${shell(name)} | tr -d '\\n'`);
    rest = rest.slice(at + values[field].length);
  }
  return printed.length > 0 && `(${[...printed, `printf '%s' ${shell(rest)}`].join("; ")}) | \\\n`;
}

/** The very request, as it was signed: it is good for five minutes. */
export function curl3(made) {
  const { headers, body } = made.example;
  const lines = Object.entries(headers).map(([name, value]) => `-H ${shell(`${name}: ${value}`)}`);
  const before = body.length > INLINE ? pieces(made, body) : "";
  lines.push(before ? "--data-binary @-" : `--data-binary ${shell(body)}`);
  return `${before || ""}curl -i ${shell(`${made.url}/`)} \\\n  ${lines.join(" \\\n  ")}`;
}

export function python3(made) {
  const pairs = made.fields.map(([name, value]) => `    ${quoted(name)}: ${quoted(value)},\n`).join("");
  const picture = made.files.map(({ field, name }) => `    ${quoted(field)}: base64.b64encode(open(${quoted(name)}, "rb").read()).decode(),\n`).join("");
  return (
    `${origin(made, "#")}# pip install tencentcloud-sdk-python-faceid\n${picture ? "import base64\n\n" : ""}from tencentcloud.common.credential import Credential\nfrom tencentcloud.common.profile.client_profile import ClientProfile\n` +
    "from tencentcloud.common.profile.http_profile import HttpProfile\nfrom tencentcloud.faceid.v20180301.faceid_client import FaceidClient\n\n" +
    `profile = ClientProfile(httpProfile=HttpProfile(protocol=${quoted(scheme(made))}, endpoint=${quoted(host(made))}))\n` +
    `credential = Credential(${quoted(made.keys.secret_id)}, ${quoted(made.keys.secret_key)})\n` +
    `client = FaceidClient(credential, ${quoted(REGION)}, profile)\nfields = {\n${pairs}${picture}}\nprint(client.call_json(${quoted(made.action)}, fields))\n`
  );
}

export function node3(made) {
  const pairs = made.fields.map(([name, value]) => `  ${name}: ${quoted(value)},\n`).join("");
  const picture = made.files.map(({ field, name }) => `  ${field}: readFileSync(${quoted(name)}).toString("base64"),\n`).join("");
  return (
    `${origin(made, "//")}// npm install tencentcloud-sdk-nodejs\n${picture ? 'const { readFileSync } = require("node:fs");\n' : ""}const tencentcloud = require("tencentcloud-sdk-nodejs");\n\n` +
    `const client = new tencentcloud.faceid.v20180301.Client({\n  credential: { secretId: ${quoted(made.keys.secret_id)}, secretKey: ${quoted(made.keys.secret_key)} },\n  region: ${quoted(REGION)},\n` +
    `  profile: { httpProfile: { endpoint: ${quoted(host(made))}, protocol: ${quoted(`${scheme(made)}://`)} } },\n});\nconst fields = {\n${pairs}${picture}};\n` +
    `client.request(${quoted(made.action)}, fields).then(\n  (answer) => console.log(answer),\n  (fault) => console.log(fault.code, fault.message, fault.requestId),\n);\n`
  );
}

export function go3(made) {
  const pairs = made.fields.map(([name, value]) => `\t\t${quoted(name)}: ${quoted(value)},\n`).join("");
  const read = made.files.length > 0;
  const picture = made.files.map(({ field, name }) => `\t\t${quoted(field)}: base64Of(${quoted(name)}),\n`).join("");
  const reads = '\nfunc base64Of(name string) string {\n\tcontent, err := os.ReadFile(name)\n\tmust(err)\n\treturn base64.StdEncoding.EncodeToString(content)\n}\n';
  const sdk = "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common";
  return (
    `${origin(made, "//")}// go get ${sdk}\npackage main\n\nimport (\n${read ? '\t"encoding/base64"\n' : ""}\t"fmt"\n${read ? '\t"os"\n' : ""}\n\t"${sdk}"\n\ttchttp "${sdk}/http"\n\t"${sdk}/profile"\n)\n\nfunc main() {\n` +
    `\tcpf := profile.NewClientProfile()\n\tcpf.HttpProfile.Scheme = ${quoted(scheme(made).toUpperCase())}\n\tcpf.HttpProfile.Endpoint = ${quoted(host(made))}\n` +
    `\tcredential := common.NewCredential(${quoted(made.keys.secret_id)}, ${quoted(made.keys.secret_key)})\n\tclient := common.NewCommonClient(credential, ${quoted(REGION)}, cpf)\n` +
    `\trequest := tchttp.NewCommonRequest("faceid", ${quoted(VERSION)}, ${quoted(made.action)})\n\tmust(request.SetActionParameters(map[string]interface{}{\n${pairs}${picture}\t}))\n` +
    "\tanswer := tchttp.NewCommonResponse()\n\tmust(client.Send(request, answer))\n\tfmt.Println(string(answer.GetBody()))\n}\n\nfunc must(err error) {\n\tif err != nil {\n\t\tpanic(err)\n\t}\n}\n" + (read ? reads : "")
  );
}

export function php3(made) {
  const pairs = made.fields.map(([name, value]) => `    ${php_(name)} => ${php_(value)},\n`).join("");
  const picture = made.files.map(({ field, name }) => `    ${php_(field)} => base64_encode(file_get_contents(${php_(name)})),\n`).join("");
  return (
    `<?php\n${origin(made, "//")}` +
    "// composer require tencentcloud/faceid\nrequire 'vendor/autoload.php';\n\nuse TencentCloud\\Common\\CommonClient;\nuse TencentCloud\\Common\\Credential;\n" +
    "use TencentCloud\\Common\\Profile\\ClientProfile;\nuse TencentCloud\\Common\\Profile\\HttpProfile;\n\n" +
    `$http = new HttpProfile();\n$http->setProtocol(${php_(`${scheme(made)}://`)});\n$http->setEndpoint(${php_(host(made))});\n$profile = new ClientProfile();\n$profile->setHttpProfile($http);\n` +
    `$credential = new Credential(${php_(made.keys.secret_id)}, ${php_(made.keys.secret_key)});\n$client = new CommonClient('faceid', '${VERSION}', $credential, '${REGION}', $profile);\n` +
    `$fields = [\n${pairs}${picture}];\necho json_encode($client->callJson(${php_(made.action)}, $fields), JSON_UNESCAPED_UNICODE), "\\n";\n`
  );
}

export function java3(made) {
  const before = made.files.map(({ field, name }) => `        String ${field} = Base64.getEncoder().encodeToString(Files.readAllBytes(Path.of(${javaText(name)})));\n`).join("");
  const open = `{${made.fields.map(([name, value]) => `${quoted(name)}:${quoted(value)}`).join(",")}`;
  const added = made.files.map(({ field }, at) => `${javaText(`${at || open !== "{" ? "," : ""}${quoted(field)}:"`)} + ${field} + "\\""`);
  const body = added.length > 0 ? `${javaText(open)} + ${added.join(" + ")} + "}"` : javaText(`${open}}`);
  return (
    origin(made, "//") +
    "// Maven: com.tencentcloudapi:tencentcloud-sdk-java-faceid\nimport com.tencentcloudapi.common.Credential;\nimport com.tencentcloudapi.common.profile.ClientProfile;\nimport com.tencentcloudapi.common.profile.HttpProfile;\n" +
    `import com.tencentcloudapi.faceid.v20180301.FaceidClient;\n${before ? "import java.nio.file.Files;\nimport java.nio.file.Path;\nimport java.util.Base64;\n" : ""}\n` +
    `public class Call {\n    public static void main(String[] given) throws Exception {\n${before}        HttpProfile http = new HttpProfile();\n        http.setProtocol(${quoted(`${scheme(made)}://`)});\n` +
    `        http.setEndpoint(${quoted(host(made))});\n        ClientProfile profile = new ClientProfile();\n        profile.setHttpProfile(http);\n` +
    `        Credential credential = new Credential(${quoted(made.keys.secret_id)}, ${quoted(made.keys.secret_key)});\n        FaceidClient client = new FaceidClient(credential, ${quoted(REGION)}, profile);\n` +
    `        System.out.println(client.call(${quoted(made.action)}, ${body}));\n    }\n}\n`
  );
}

/** Every language: [id, name, what makes it]. */
export const LANGUAGES3 = [
  ["curl", "curl", curl3],
  ["python", "Python", python3],
  ["node", "Node", node3],
  ["go", "Go", go3],
  ["php", "PHP", php3],
  ["java", "Java", java3],
];

/** The answer's Response, {} for what a fault broke or the journal does not keep. */
function responseOf(call) {
  try {
    return JSON.parse(call.answer).Response || {};
  } catch {
    return {};
  }
}

/** What a scenario says of the outcome: [field, value]. */
function outcomeOf(call, known) {
  if (call.similarity !== null) return ["similarity", call.similarity];
  if (known.group === "success") return ["similarity", 100];
  return [responseOf(call).Error ? "error" : "result", quoted(String(call.code))];
}

/** The call's outcome as a scenario file. */
export function scenario3(made) {
  const { call, known } = made;
  const outcome = [outcomeOf(call, known).join(": ")];
  if (call.fault) outcome.push(`fault: ${call.fault}`);
  if (call.delay_s) outcome.push(`delay: ${Math.round(call.delay_s * 1000)}ms`);
  const number = made.masked ? "110110199907010018" : call.number || "110110199907010018";
  return `scenarios:\n  ${quoted(number)}: { ${outcome.join(", ")} }${made.masked ? " # put your own number here: that of the call is masked" : ""}\n`;
}

/** The outcome as a test with the pytest plugin: put your own client where it asks. */
export function pytest3(made) {
  const { call, known } = made;
  const [field, value] = outcomeOf(call, known);
  const number = Object.fromEntries(made.numbers);
  const others = made.fields.filter(([name]) => !(name in number)).map(([name, text]) => `, ${quoted(name)}: ${quoted(text)}`).join("");
  const whose = made.numbers.map(([name, of]) => `${quoted(name)}: person.${of}`).join(", ");
  const files = made.files.map(({ field: of, name, sample }) => [of, sample && name in KINDS ? `video(${quoted(KINDS[name])})` : made.videos.includes(of) ? `open(${quoted(name)}, "rb").read()` : 'picture("jpg")']);
  const picture = files.map(([of, made_]) => `, ${quoted(of)}: base64.b64encode(${made_}).decode()`).join("");
  const drawn = ["picture", "video"].filter((name) => files.some(([, made_]) => made_.startsWith(name)));
  // The actions that give digits say nothing of a success but what they give.
  const silent = known.group === "success" && made.numbers.length + made.videos.length === 0;
  const said = field === "error" ? 'answer["Error"]["Code"]' : 'answer["Result"]';
  const asserted = silent ? '"Error" not in answer' : `${said} == ${quoted(String(call.code))}`;
  const added = made.numbers.length > 0 ? "" : `${quoted(made.action)}, `;
  const body = `${whose}${others}${picture}`.replace(/^, /, "");
  const word = String(made.name).toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_|_$/g, "");
  return (
    `${picture ? "import base64\n" : ""}import json\n\nimport requests\n${drawn.length > 0 ? `\nfrom mockface.samples import ${drawn.join(", ")}\n` : ""}\n\n` +
    `def ask(mockface, person):\n    """Replace this by a call of your own client."""\n    body = json.dumps({${body}})\n` +
    `    headers = mockface.tc3(${quoted(made.action)}, body)\n    return requests.post(mockface.url, data=body, headers=headers, timeout=30).json()["Response"]\n\n\n` +
    `def test_${word}_is_met(mockface):\n    person = mockface.add(${added}${field}=${value})\n    answer = ask(mockface, person)\n    assert ${asserted}\n` +
    `    (call,) = mockface.verify(${made.numbers.length > 0 ? "person, " : ""}code=${quoted(String(call.code))})\n    assert call.request_id == answer["RequestId"]\n`
  );
}

/** What the copies are made of: `values` are the fields as they may be shown, `sent` what the request is signed for. */
export function made3(operation, { url, example, keys, values, files, call, known, masked }) {
  const fields = operation.text_fields.filter((name) => name in values).map((name) => [name, values[name].toWellFormed()]);
  const numbers = [[operation.number_field, "idcard_number"], [operation.name_field, "idcard_name"]].filter(([name]) => name);
  return { url, action: operation.action, example, keys, fields, numbers, files, videos: operation.video_fields, call, known, masked, name: call.code };
}

/** The tabs of the copies: [id, label, text]. */
export function copies3(made) {
  // A request is signed for its whole body: one with a file that is not here cannot be.
  const own = made.files.some(({ field, sample }) => made.videos.includes(field) && sample === false && !JSON.parse(made.example.body)[field]);
  return [...LANGUAGES3.filter(([id]) => !(own && id === "curl")).map(([id, label, make]) => [id, label, make(made)]), ["pytest", "pytest", pytest3(made)], ["yaml", "YAML", scenario3(made)]];
}
