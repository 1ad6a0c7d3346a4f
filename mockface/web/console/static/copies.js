// A call as a text that makes it again: in seven languages, as a test, as a scenario. Text only; nothing is sent here.
//
// A call: { url, path, order: the operation's texts, signed: { authorization, secret_key, … }, good, form: "file"
// (multipart) | "base64" | "json", files: [{ field, name, type }, …], fields, call: { code, status, similarity, fault,
// answer, … }, known: its code's row, name: its code's }.
import { KINDS } from "./video.js";

/** The fields in the page's order. */
function fieldsOf(made) {
  return made.order.filter((name) => name in made.fields).map((name) => [name, made.fields[name].toWellFormed()]);
}

/** A value of an answer as it is written there, null without; a long answer is kept in part, which is no JSON. */
function written(call, name) {
  const found = (call.answer || "").match(new RegExp(`"${name}":("[^"]*"|-?[\\d.]+)`));
  return found && found[1];
}

/** The statuses of an answer that has two levels: [[name, value as it is written], …]; none of any other. */
export function levelsOf(call) {
  return ["live_status", "compare_status"].map((name) => [name, written(call, name)]).filter(([, value]) => value !== null);
}

function answerOf(call) {
  try {
    return JSON.parse(call.answer) || {};
  } catch {
    return {};
  }
}

/** Where the sample videos of a call come from, as a line of a copy. */
function origin(made, mark) {
  const videos = made.files.filter(({ name, sample }) => sample && name in KINDS).map(({ name }) => name);
  return videos.length > 0 ? `${mark} ${videos.join(", ")}: 'mockface samples .' writes it here\n` : "";
}

const json = (made) => JSON.stringify(Object.fromEntries(fieldsOf(made)));
const quoted = JSON.stringify;
const token = (made) => made.signed.authorization;

/** A word for a POSIX shell. */
const shell = (text) => `'${text.replaceAll("'", "'\\''")}'`;

export function curl(made) {
  const lines = [];
  let before = "";
  let body;
  if (made.form === "file") {
    body = fieldsOf(made).map(([name, value]) => `--form-string ${shell(`${name}=${value}`)}`);
    body.push(...made.files.map(({ field, name, type }) => `-F ${shell(`${field}=@${name};type=${type}`)}`));
  } else if (made.form === "base64") {
    const [{ field, name }] = made.files;
    const open = `${json(made).slice(0, -1)},"${field}":"`;
    before = `(printf '%s' ${shell(open)}; base64 < ${shell(name)} | tr -d '\\n'; printf '"}') | \\\n`;
    body = ["--data-binary @-"];
  } else {
    body = [`--data-raw ${shell(json(made))}`];
  }
  if (token(made)) lines.push(`-H ${shell(`Authorization: ${token(made)}`)}`);
  if (made.form !== "file") lines.push("-H 'Content-Type: application/json'");
  return `${origin(made, "#")}${before}curl -i ${shell(made.url + made.path)} \\\n  ${[...lines, ...body].join(" \\\n  ")}`;
}

export function python(made) {
  const { form, files: sent } = made;
  const headers = token(made) ? `    headers={"Authorization": ${quoted(token(made))}},\n` : "";
  // Without a file, only texts given as files make requests send a multipart form.
  const bare = form === "file" && sent.length === 0;
  const fields = fieldsOf(made).map(([name, value]) => `        ${quoted(name)}: ${bare ? `(None, ${quoted(value)})` : quoted(value)},\n`).join("");
  const image = form === "base64" ? sent.map(({ field, name }) => `        ${quoted(field)}: base64.b64encode(open(${quoted(name)}, "rb").read()).decode(),\n`).join("") : "";
  const rows = sent.map(({ field, name, type }) => `${quoted(field)}: (${quoted(name)}, open(${quoted(name)}, "rb"), ${quoted(type)})`);
  const files = form !== "file" || bare ? "" : rows.length === 1 ? `    files={${rows[0]}},\n` : `    files={\n${rows.map((row) => `        ${row},\n`).join("")}    },\n`;
  return (
    `${origin(made, "#")}${form === "base64" ? "import base64\n\n" : ""}import requests\n\nanswer = requests.post(\n    ${quoted(made.url + made.path)},\n${headers}` +
    `    ${bare ? "files" : form === "file" ? "data" : "json"}={\n${fields}${image}    },\n${files})\nprint(answer.status_code, answer.text)\n`
  );
}

export function node(made) {
  const { form, files } = made;
  const sent = token(made) ? [`    "Authorization": ${quoted(token(made))},`] : [];
  let before = "";
  let body;
  if (form === "file") {
    const appended = fieldsOf(made).map(([name, value]) => `form.append(${quoted(name)}, ${quoted(value)});\n`).join("");
    before =
      `${files.length > 0 ? 'import { readFile } from "node:fs/promises";\n\n' : ""}const form = new FormData();\n${appended}` +
      `${files.map(({ field, name, type }) => `form.append(${quoted(field)}, new Blob([await readFile(${quoted(name)})], { type: ${quoted(type)} }), ${quoted(name)});\n`).join("")}\n`;
    body = "form";
  } else {
    sent.push('    "Content-Type": "application/json",');
    const fields = fieldsOf(made).map(([name, value]) => `    ${name}: ${quoted(value)},\n`).join("");
    const image = form === "base64" ? files.map(({ field, name }) => `    ${field}: (await readFile(${quoted(name)})).toString("base64"),\n`).join("") : "";
    if (image) before = 'import { readFile } from "node:fs/promises";\n\n';
    body = `JSON.stringify({\n${fields}${image}  })`;
  }
  const headers = sent.length > 0 ? `  headers: {\n${sent.join("\n")}\n  },\n` : "";
  return `${origin(made, "//")}${before}const answer = await fetch(${quoted(made.url + made.path)}, {\n  method: "POST",\n${headers}  body: ${body},\n});\nconsole.log(answer.status, await answer.text());\n`;
}

/** A string of PHP in single quotes. */
const php_ = (text) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

export function php(made) {
  const { form, files } = made;
  const sent = [];
  if (token(made)) sent.push(php_(`Authorization: ${token(made)}`));
  if (form !== "file") sent.push(php_("Content-Type: application/json"));
  const pairs = fieldsOf(made).map(([name, value]) => `    ${php_(name)} => ${php_(value)},\n`);
  for (const { field, name, type } of files) {
    if (form === "file") pairs.push(`    ${php_(field)} => new CURLFile(${php_(name)}, ${php_(type)}, ${php_(name)}),\n`);
    if (form === "base64") pairs.push(`    ${php_(field)} => base64_encode(file_get_contents(${php_(name)})),\n`);
  }
  return (
    `<?php\n${origin(made, "//")}$fields = [\n${pairs.join("")}];\n$call = curl_init(${php_(made.url + made.path)});\ncurl_setopt_array($call, [\n` +
    `    CURLOPT_RETURNTRANSFER => true,\n    CURLOPT_HTTPHEADER => [${sent.join(", ")}],\n` +
    `    CURLOPT_POSTFIELDS => ${form === "file" ? "$fields" : "json_encode($fields)"},\n]);\n` +
    "$answer = curl_exec($call);\necho curl_getinfo($call, CURLINFO_RESPONSE_CODE), ' ', $answer, \"\\n\";\n"
  );
}

export function go(made) {
  const { form, files } = made;
  const fields = fieldsOf(made);
  const authorization = token(made) ? `\trequest.Header.Set("Authorization", ${quoted(token(made))})\n` : "";
  const ends =
    `\trequest, err := http.NewRequest("POST", ${quoted(made.url + made.path)}, BODY)\n\tmust(err)\n${authorization}` +
    "\trequest.Header.Set(\"Content-Type\", KIND)\n\tanswer, err := http.DefaultClient.Do(request)\n\tmust(err)\n\tdefer answer.Body.Close()\n" +
    "\ttext, err := io.ReadAll(answer.Body)\n\tmust(err)\n\tfmt.Println(answer.StatusCode, string(text))\n}\n\nfunc must(err error) {\n\tif err != nil {\n\t\tpanic(err)\n\t}\n}\n";
  if (form === "file") {
    const written = fields.map(([name, value]) => `\tmust(form.WriteField(${quoted(name)}, ${quoted(value)}))\n`).join("");
    const added = files.map(({ field, name }) => `\taddFile(form, ${quoted(field)}, ${quoted(name)})\n`).join("");
    const adds =
      '\nfunc addFile(form *multipart.Writer, field, name string) {\n\tpart, err := form.CreateFormFile(field, name)\n\tmust(err)\n' +
      "\tcontent, err := os.ReadFile(name)\n\tmust(err)\n\t_, err = part.Write(content)\n\tmust(err)\n}\n";
    const imports = ["bytes", "fmt", "io", "mime/multipart", "net/http", ...(added ? ["os"] : [])];
    return (
      `${origin(made, "//")}package main\n\nimport (\n${imports.map((name) => `\t"${name}"\n`).join("")})\n\nfunc main() {\n` +
      `\tvar body bytes.Buffer\n\tform := multipart.NewWriter(&body)\n${written}${added}\tmust(form.Close())\n` +
      (ends + (added ? adds : "")).replace("BODY", "&body").replace("KIND", "form.FormDataContentType()")
    );
  }
  const pairs = fields.map(([name, value]) => `\t\t${quoted(name)}: ${quoted(value)},\n`).join("");
  const read = form === "base64" ? `\tpicture, err := os.ReadFile(${quoted(files[0].name)})\n\tmust(err)\n` : "";
  const image = form === "base64" ? `\t\t"${files[0].field}": base64.StdEncoding.EncodeToString(picture),\n` : "";
  const imports = ["bytes", ...(read ? ["encoding/base64"] : []), "encoding/json", "fmt", "io", "net/http", ...(read ? ["os"] : [])];
  return (
    `package main\n\nimport (\n${imports.map((name) => `\t"${name}"\n`).join("")})\n\nfunc main() {\n${read}` +
    `\tbody, err := json.Marshal(map[string]string{\n${pairs}${image}\t})\n\tmust(err)\n` +
    ends.replace("BODY", "bytes.NewReader(body)").replace("KIND", '"application/json"')
  );
}

/** A string of Java: ASCII, whatever the encoding of its file is thought to be. */
function javaText(text) {
  return quoted(text).replace(/[^\x00-\x7f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

const JAVA_FORM = `        var body = new java.io.ByteArrayOutputStream();
        String[][] fields = {
FIELDS        };
        for (String[] field : fields) {
            body.write(("--boundary\\r\\nContent-Disposition: form-data; name=\\"" + field[0] + "\\"\\r\\n\\r\\n" + field[1] + "\\r\\n").getBytes("UTF-8"));
        }
PARTS        body.write("--boundary--\\r\\n".getBytes());
`;
const JAVA_PART = `        body.write("--boundary\\r\\nContent-Disposition: form-data; name=\\"FIELD\\"; filename=\\"FILE\\"\\r\\nContent-Type: TYPE\\r\\n\\r\\n".getBytes("UTF-8"));
        body.write(Files.readAllBytes(Path.of("FILE")));
        body.write("\\r\\n".getBytes());
`;

export function java(made) {
  const { form, files } = made;
  const fields = fieldsOf(made);
  const authorization = token(made) ? `            .header("Authorization", ${javaText(token(made))})\n` : "";
  let kind = "application/json";
  let before;
  let body = "HttpRequest.BodyPublishers.ofString(json)";
  if (form === "file") {
    kind = "multipart/form-data; boundary=boundary";
    body = "HttpRequest.BodyPublishers.ofByteArray(body.toByteArray())";
    const pairs = fields.map(([name, value]) => `            {${javaText(name)}, ${javaText(value)}},\n`).join("");
    const parts = files.map(({ field, name, type }) => JAVA_PART.replace("FIELD", field).replaceAll("FILE", () => javaText(name).slice(1, -1)).replace("TYPE", type)).join("");
    before = JAVA_FORM.replace("FIELDS", () => pairs).replace("PARTS", () => parts);
  } else if (form === "base64") {
    before =
      `        String image = Base64.getEncoder().encodeToString(Files.readAllBytes(Path.of(${javaText(files[0].name)})));\n` +
      `        String json = ${javaText(`${json(made).slice(0, -1)},"${files[0].field}":"`)} + image + "\\"}";\n`;
  } else {
    before = `        String json = ${javaText(json(made))};\n`;
  }
  const imports = ["java.net.URI", "java.net.http.*", ...(files.length === 0 ? [] : ["java.nio.file.*"]), ...(form === "base64" ? ["java.util.Base64"] : [])];
  return (
    `${origin(made, "//")}${imports.map((name) => `import ${name};\n`).join("")}\npublic class Call {\n    public static void main(String[] given) throws Exception {\n${before}` +
    `        var request = HttpRequest.newBuilder(URI.create(${javaText(made.url + made.path)}))\n${authorization}` +
    `            .header("Content-Type", "${kind}")\n            .POST(${body})\n            .build();\n` +
    "        var answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());\n" +
    '        System.out.println(answer.statusCode() + " " + answer.body());\n    }\n}\n'
  );
}

/** A verbatim string of C#. */
const verbatim = (text) => `@"${text.replaceAll('"', '""')}"`;

export function csharp(made) {
  const { form, files } = made;
  const authorization = token(made) ? `        request.Headers.TryAddWithoutValidation("Authorization", ${verbatim(token(made))});\n` : "";
  let before;
  let content = 'new StringContent(json, Encoding.UTF8, "application/json")';
  if (form === "file") {
    const added = fieldsOf(made).map(([name, value]) => `        form.Add(new StringContent(${verbatim(value)}), "${name}");\n`).join("");
    before =
      `        var form = new MultipartFormDataContent();\n${added}` +
      files.map(({ field, name, type }) =>
        `        var ${field} = new ByteArrayContent(File.ReadAllBytes(${verbatim(name)}));\n` +
        `        ${field}.Headers.TryAddWithoutValidation("Content-Type", "${type}");\n        form.Add(${field}, "${field}", ${verbatim(name)});\n`).join("");
    content = "form";
  } else if (form === "base64") {
    const open = `${json(made).slice(0, -1)},"${files[0].field}":"`;
    before = `        var json = ${verbatim(open)} + Convert.ToBase64String(File.ReadAllBytes(${verbatim(files[0].name)})) + @"""}";\n`;
  } else {
    before = `        var json = ${verbatim(json(made))};\n`;
  }
  return (
    `${origin(made, "//")}using System;\nusing System.IO;\nusing System.Net.Http;\nusing System.Text;\n\nclass Call\n{\n    static void Main()\n    {\n` +
    `${before}        var request = new HttpRequestMessage(HttpMethod.Post, "${made.url + made.path}");\n${authorization}        request.Content = ${content};\n` +
    "        var answer = new HttpClient().SendAsync(request).GetAwaiter().GetResult();\n" +
    '        Console.WriteLine((int)answer.StatusCode + " " + answer.Content.ReadAsStringAsync().GetAwaiter().GetResult());\n    }\n}\n'
  );
}

/** Every language: [id, name, what makes it]. */
export const LANGUAGES = [
  ["curl", "curl", curl],
  ["python", "Python", python],
  ["node", "Node", node],
  ["java", "Java", java],
  ["go", "Go", go],
  ["php", "PHP", php],
  ["csharp", "C#", csharp],
];

const SIGN = (made) => `def authorization():
    """Signed anew each time, with the key of mockface's test account."""
    now = int(time.time())
    text = f"a=${made.signed.appid}&b=mockbucket&k=${made.signed.secret_id}&e={now + 600}&t={now}&r=1&f=".encode()
    return base64.b64encode(hmac.digest(b"${made.signed.secret_key}", text, "sha1") + text).decode()


`;

const FIRST = "/face/idcardcompare";

function expectation({ call, path }) {
  if (["truncate", "drop"].includes(call.fault)) return ["    with pytest.raises(requests.RequestException):\n        ask()\n"];
  if (call.fault === "hang") return ["    with pytest.raises(requests.Timeout):\n        ask()\n"];
  if (["garbage", "html"].includes(call.fault)) return ["    with pytest.raises(ValueError):\n        ask().json()\n"];
  const lines = ["    answer = ask()\n", `    assert answer.status_code == ${call.status}\n`];
  const kept = written(call, "code");
  // An answer that is not kept has its code at the top wherever there is one level.
  const expected = kept || (call.fault === "wrong_type" ? quoted(String(call.code)) : call.code);
  if (kept || path === FIRST || call.status !== 200) lines.push(`    assert answer.json()["code"] == ${expected}\n`);
  for (const [name, value] of levelsOf(call)) lines.push(`    assert answer.json()["data"]["${name}"] == ${value}\n`);
  const scores = kept ? ["similarity", "sim", "score"].filter((name) => written(call, name)) : path === FIRST ? ["similarity"] : [];
  if (call.similarity !== null) lines.push(...scores.map((name) => `    assert answer.json()["data"]["${name}"] == ${written(call, name) || call.similarity}\n`));
  return lines;
}

/** The call as a test: put your own client where it asks. */
export function pytest(made) {
  const signs = made.good && made.signed.secret_key;
  const asserted = expectation(made);
  const raises = asserted[0].includes("pytest.");
  const word = (made.call.fault ? `fault_${made.call.fault}` : made.name).toLowerCase();
  const body = python(made)
    .split("answer = ")[1]
    .replace(/\nprint\(.*\n$/, "\n")
    .replace(quoted(made.url + made.path), `URL + "${made.path}"`)
    .replace(quoted(token(made)), signs ? "authorization()" : quoted(token(made)))
    .replace(/\n\)\n$/, `\n    timeout=${made.call.fault === "hang" ? 2 : 30},\n)\n`)
    .replaceAll("\n", "\n    ")
    .trimEnd();
  const later = made.call.call_of_number > 1 ? `    # This was call ${made.call.call_of_number} of its number: an earlier one may be answered otherwise.\n` : "";
  const imports = [...(signs || made.form === "base64" ? ["base64"] : []), ...(signs ? ["hmac"] : []), "os", ...(signs ? ["time"] : [])];
  return (
    `${origin(made, "#")}${imports.map((name) => `import ${name}\n`).join("")}\n${raises ? "import pytest\n" : ""}import requests\n\n` +
    `URL = os.environ.get("MOCKFACE_URL", ${quoted(made.url)})\n\n\n${signs ? SIGN(made) : ""}` +
    `def ask():\n    """Replace this by a call of your own client."""\n    return ${body}\n\n\n` +
    `def test_${word}_is_met():\n${later}${asserted.join("")}`
  );
}

/** What the answer says otherwise than the row of its code does. */
function differing(call, known) {
  const found = [];
  // An answer that a fault broke, or that is not kept, says nothing of its message.
  const message = answerOf(call).message ?? known.message;
  if (message !== known.message) found.push(`message: ${quoted(message)}`);
  if (call.status !== known.status && !call.fault) found.push(`status: ${call.status}`);
  return found;
}

const NO_FRAME = -5005;

/** The call's outcome as a scenario file. */
export function scenario(made) {
  const { call } = made;
  const number = made.masked ? "110110199907010018" : call.number || "110110199907010018";
  const outcome = [];
  const levels = Object.fromEntries(levelsOf(call));
  const [live, compared] = ["live_status", "compare_status"].map((name) => Number((levels[name] || "0").replaceAll('"', "")));
  if (call.similarity !== null) outcome.push(`similarity: ${call.similarity}`);
  else if (live || compared) {
    if (live) outcome.push(`live: ${live}`);
    // What every video that fails gets of the comparison needs no word.
    if (compared && !(live && compared === NO_FRAME)) outcome.push(`code: ${compared}`);
  } else if (call.code !== 0) outcome.push(`code: ${call.code}`, ...differing(call, made.known));
  if (call.fault) outcome.push(`fault: ${call.fault}`);
  if (outcome.length === 0) outcome.push("similarity: 100");
  if (call.delay_s) outcome.push(`delay: ${Math.round(call.delay_s * 1000)}ms`);
  if (call.similarity !== null && call.name && !made.masked) outcome.unshift(`name: ${quoted(call.name)}`);
  const note = made.masked ? " # put your own number here: that of the call is masked" : "";
  return `scenarios:\n  ${quoted(number)}: { ${outcome.join(", ")} }${note}\n`;
}
