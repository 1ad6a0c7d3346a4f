// A call of API 3.0 as a text that makes it again: by curl, by the vendor's SDKs, as a test, as a scenario. Text only.
//
// A call: { url, action, example: { headers, body }, fields: [[name, value], …], picture: the field that a picture goes
// into or "", file: what the picture is saved as, keys: { secret_id, secret_key }, call, masked, name }.

const quoted = JSON.stringify;
const VERSION = "2018-03-01";
const REGION = "ap-guangzhou";
/** A word of a shell may not be of any length: a longer body is put together of the picture's file. */
const INLINE = 60_000;

/** A word for a POSIX shell. */
const shell = (text) => `'${text.replaceAll("'", "'\\''")}'`;
const php_ = (text) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
const javaText = (text) => quoted(text).replace(/[^\x00-\x7f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);

const host = (made) => new URL(made.url).host;
const scheme = (made) => new URL(made.url).protocol.replace(":", "");

/** The very request, as it was signed: it is good for five minutes. */
export function curl3(made) {
  const { headers, body } = made.example;
  const lines = Object.entries(headers).map(([name, value]) => `-H ${shell(`${name}: ${value}`)}`);
  let before = "";
  const picture = made.picture && body.length > INLINE ? JSON.parse(body)[made.picture] : "";
  if (picture) {
    const at = body.indexOf(picture);
    before = `(printf '%s' ${shell(body.slice(0, at))}; base64 < ${shell(made.file)} | tr -d '\\n'; printf '%s' ${shell(body.slice(at + picture.length))}) | \\\n`;
    lines.push("--data-binary @-");
  } else {
    lines.push(`--data-binary ${shell(body)}`);
  }
  return `${before}curl -i ${shell(`${made.url}/`)} \\\n  ${lines.join(" \\\n  ")}`;
}

export function python3(made) {
  const pairs = made.fields.map(([name, value]) => `    ${quoted(name)}: ${quoted(value)},\n`).join("");
  const picture = made.picture ? `    ${quoted(made.picture)}: base64.b64encode(open(${quoted(made.file)}, "rb").read()).decode(),\n` : "";
  return (
    `# pip install tencentcloud-sdk-python-faceid\n${picture ? "import base64\n\n" : ""}from tencentcloud.common.credential import Credential\nfrom tencentcloud.common.profile.client_profile import ClientProfile\n` +
    "from tencentcloud.common.profile.http_profile import HttpProfile\nfrom tencentcloud.faceid.v20180301.faceid_client import FaceidClient\n\n" +
    `profile = ClientProfile(httpProfile=HttpProfile(protocol=${quoted(scheme(made))}, endpoint=${quoted(host(made))}))\n` +
    `credential = Credential(${quoted(made.keys.secret_id)}, ${quoted(made.keys.secret_key)})\n` +
    `client = FaceidClient(credential, ${quoted(REGION)}, profile)\nfields = {\n${pairs}${picture}}\nprint(client.call_json(${quoted(made.action)}, fields))\n`
  );
}

export function node3(made) {
  const pairs = made.fields.map(([name, value]) => `  ${name}: ${quoted(value)},\n`).join("");
  const picture = made.picture ? `  ${made.picture}: readFileSync(${quoted(made.file)}).toString("base64"),\n` : "";
  return (
    `// npm install tencentcloud-sdk-nodejs\n${picture ? 'const { readFileSync } = require("node:fs");\n' : ""}const tencentcloud = require("tencentcloud-sdk-nodejs");\n\n` +
    `const client = new tencentcloud.faceid.v20180301.Client({\n  credential: { secretId: ${quoted(made.keys.secret_id)}, secretKey: ${quoted(made.keys.secret_key)} },\n  region: ${quoted(REGION)},\n` +
    `  profile: { httpProfile: { endpoint: ${quoted(host(made))}, protocol: ${quoted(`${scheme(made)}://`)} } },\n});\nconst fields = {\n${pairs}${picture}};\n` +
    `client.request(${quoted(made.action)}, fields).then(\n  (answer) => console.log(answer),\n  (fault) => console.log(fault.code, fault.message, fault.requestId),\n);\n`
  );
}

export function go3(made) {
  const pairs = made.fields.map(([name, value]) => `\t\t${quoted(name)}: ${quoted(value)},\n`).join("");
  const read = made.picture ? `\tpicture, err := os.ReadFile(${quoted(made.file)})\n\tmust(err)\n` : "";
  const picture = made.picture ? `\t\t${quoted(made.picture)}: base64.StdEncoding.EncodeToString(picture),\n` : "";
  const sdk = "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common";
  return (
    `// go get ${sdk}\npackage main\n\nimport (\n${read ? '\t"encoding/base64"\n' : ""}\t"fmt"\n${read ? '\t"os"\n' : ""}\n\t"${sdk}"\n\ttchttp "${sdk}/http"\n\t"${sdk}/profile"\n)\n\nfunc main() {\n${read}` +
    `\tcpf := profile.NewClientProfile()\n\tcpf.HttpProfile.Scheme = ${quoted(scheme(made).toUpperCase())}\n\tcpf.HttpProfile.Endpoint = ${quoted(host(made))}\n` +
    `\tcredential := common.NewCredential(${quoted(made.keys.secret_id)}, ${quoted(made.keys.secret_key)})\n\tclient := common.NewCommonClient(credential, ${quoted(REGION)}, cpf)\n` +
    `\trequest := tchttp.NewCommonRequest("faceid", ${quoted(VERSION)}, ${quoted(made.action)})\n\tmust(request.SetActionParameters(map[string]interface{}{\n${pairs}${picture}\t}))\n` +
    "\tanswer := tchttp.NewCommonResponse()\n\tmust(client.Send(request, answer))\n\tfmt.Println(string(answer.GetBody()))\n}\n\nfunc must(err error) {\n\tif err != nil {\n\t\tpanic(err)\n\t}\n}\n"
  );
}

export function php3(made) {
  const pairs = made.fields.map(([name, value]) => `    ${php_(name)} => ${php_(value)},\n`).join("");
  const picture = made.picture ? `    ${php_(made.picture)} => base64_encode(file_get_contents(${php_(made.file)})),\n` : "";
  return (
    "<?php\n// composer require tencentcloud/faceid\nrequire 'vendor/autoload.php';\n\nuse TencentCloud\\Common\\CommonClient;\nuse TencentCloud\\Common\\Credential;\n" +
    "use TencentCloud\\Common\\Profile\\ClientProfile;\nuse TencentCloud\\Common\\Profile\\HttpProfile;\n\n" +
    `$http = new HttpProfile();\n$http->setProtocol(${php_(`${scheme(made)}://`)});\n$http->setEndpoint(${php_(host(made))});\n$profile = new ClientProfile();\n$profile->setHttpProfile($http);\n` +
    `$credential = new Credential(${php_(made.keys.secret_id)}, ${php_(made.keys.secret_key)});\n$client = new CommonClient('faceid', '${VERSION}', $credential, '${REGION}', $profile);\n` +
    `$fields = [\n${pairs}${picture}];\necho json_encode($client->callJson(${php_(made.action)}, $fields), JSON_UNESCAPED_UNICODE), "\\n";\n`
  );
}

export function java3(made) {
  const before = made.picture ? `        String picture = Base64.getEncoder().encodeToString(Files.readAllBytes(Path.of(${javaText(made.file)})));\n` : "";
  const open = `{${made.fields.map(([name, value]) => `${quoted(name)}:${quoted(value)}`).join(",")}`;
  const body = made.picture ? `${javaText(`${open},${quoted(made.picture)}:"`)} + picture + "\\"}"` : javaText(`${open}}`);
  return (
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
  const picture = made.picture ? `, ${quoted(made.picture)}: base64.b64encode(picture("jpg")).decode()` : "";
  const said = field === "error" ? 'answer["Error"]["Code"]' : 'answer["Result"]';
  const word = String(made.name).toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_|_$/g, "");
  return (
    `${picture ? "import base64\n" : ""}import json\n\nimport requests\n${picture ? "\nfrom mockface.testing import picture\n" : ""}\n\n` +
    `def ask(mockface, person):\n    """Replace this by a call of your own client."""\n    body = json.dumps({${whose}${others}${picture}})\n` +
    `    headers = mockface.tc3(${quoted(made.action)}, body)\n    return requests.post(mockface.url, data=body, headers=headers, timeout=30).json()["Response"]\n\n\n` +
    `def test_${word}_is_met(mockface):\n    person = mockface.add(${field}=${value})\n    answer = ask(mockface, person)\n    assert ${said} == ${quoted(String(call.code))}\n` +
    `    (call,) = mockface.verify(person, code=${quoted(String(call.code))})\n    assert call.request_id == answer["RequestId"]\n`
  );
}

/** What the copies are made of: `values` are the fields as they may be shown, `sent` what the request is signed for. */
export function made3(operation, { url, example, keys, values, file, call, known, masked }) {
  const fields = operation.text_fields.filter((name) => name in values).map((name) => [name, values[name].toWellFormed()]);
  const numbers = [[operation.number_field, "idcard_number"], [operation.name_field, "idcard_name"]].filter(([name]) => name);
  return { url, action: operation.action, example, keys, fields, numbers, picture: operation.picture_fields[0] || "", file, call, known, masked, name: call.code };
}

/** The tabs of the copies: [id, label, text]. */
export function copies3(made) {
  return [...LANGUAGES3.map(([id, label, make]) => [id, label, make(made)]), ["pytest", "pytest", pytest3(made)], ["yaml", "YAML", scenario3(made)]];
}
