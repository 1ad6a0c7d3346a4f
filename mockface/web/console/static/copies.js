// A call as a text that makes it again: in seven languages, as a test, as a scenario. Text only; nothing is sent here.
//
// A call: { url, signed: { authorization, secret_key, … }, good, form: "url" | "file" | "base64" | "none", file, type,
// fields, call: { code, status, similarity, fault, answer, … }, known: its code's row, name: its code's }.

const PATH = "/face/idcardcompare";
const ORDER = ["appid", "idcard_number", "idcard_name", "url", "session_id", "bucket"];

/** The fields in the page's order; `url` is left out where a picture is sent. */
function fieldsOf(made) {
  const given = ORDER.filter((name) => name in made.fields && (name !== "url" || made.form === "url"));
  return given.map((name) => [name, made.fields[name].toWellFormed()]);
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
    body.push(`-F ${shell(`image=@${made.file};type=${made.type}`)}`);
  } else if (made.form === "base64") {
    const open = `${json(made).slice(0, -1)},"image":"`;
    before = `(printf '%s' ${shell(open)}; base64 < ${made.file} | tr -d '\\n'; printf '"}') | \\\n`;
    body = ["--data-binary @-"];
  } else {
    body = [`--data-raw ${shell(json(made))}`];
  }
  if (token(made)) lines.push(`-H ${shell(`Authorization: ${token(made)}`)}`);
  if (made.form !== "file") lines.push("-H 'Content-Type: application/json'");
  return `${before}curl -i ${shell(made.url + PATH)} \\\n  ${[...lines, ...body].join(" \\\n  ")}`;
}

export function python(made) {
  const { form, file, type } = made;
  const headers = token(made) ? `    headers={"Authorization": ${quoted(token(made))}},\n` : "";
  const fields = fieldsOf(made).map(([name, value]) => `        ${quoted(name)}: ${quoted(value)},\n`).join("");
  const image = form === "base64" ? `        "image": base64.b64encode(open(${quoted(file)}, "rb").read()).decode(),\n` : "";
  const files = form === "file" ? `    files={"image": (${quoted(file)}, open(${quoted(file)}, "rb"), ${quoted(type)})},\n` : "";
  return (
    `${form === "base64" ? "import base64\n\n" : ""}import requests\n\nanswer = requests.post(\n    ${quoted(made.url + PATH)},\n${headers}` +
    `    ${form === "file" ? "data" : "json"}={\n${fields}${image}    },\n${files})\nprint(answer.status_code, answer.text)\n`
  );
}

export function node(made) {
  const { form, file, type } = made;
  const sent = token(made) ? [`    "Authorization": ${quoted(token(made))},`] : [];
  let before = "";
  let body;
  if (form === "file") {
    const appended = fieldsOf(made).map(([name, value]) => `form.append(${quoted(name)}, ${quoted(value)});\n`).join("");
    before =
      `import { readFile } from "node:fs/promises";\n\nconst form = new FormData();\n${appended}` +
      `form.append("image", new Blob([await readFile(${quoted(file)})], { type: ${quoted(type)} }), ${quoted(file)});\n\n`;
    body = "form";
  } else {
    sent.push('    "Content-Type": "application/json",');
    const fields = fieldsOf(made).map(([name, value]) => `    ${name}: ${quoted(value)},\n`).join("");
    const image = form === "base64" ? `    image: (await readFile(${quoted(file)})).toString("base64"),\n` : "";
    if (image) before = 'import { readFile } from "node:fs/promises";\n\n';
    body = `JSON.stringify({\n${fields}${image}  })`;
  }
  const headers = sent.length > 0 ? `  headers: {\n${sent.join("\n")}\n  },\n` : "";
  return `${before}const answer = await fetch(${quoted(made.url + PATH)}, {\n  method: "POST",\n${headers}  body: ${body},\n});\nconsole.log(answer.status, await answer.text());\n`;
}

/** A string of PHP in single quotes. */
const php_ = (text) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

export function php(made) {
  const { form, file, type } = made;
  const sent = [];
  if (token(made)) sent.push(php_(`Authorization: ${token(made)}`));
  if (form !== "file") sent.push(php_("Content-Type: application/json"));
  const pairs = fieldsOf(made).map(([name, value]) => `    ${php_(name)} => ${php_(value)},\n`);
  if (form === "file") pairs.push(`    'image' => new CURLFile(${php_(file)}, ${php_(type)}, ${php_(file)}),\n`);
  if (form === "base64") pairs.push(`    'image' => base64_encode(file_get_contents(${php_(file)})),\n`);
  return (
    `<?php\n$fields = [\n${pairs.join("")}];\n$call = curl_init(${php_(made.url + PATH)});\ncurl_setopt_array($call, [\n` +
    `    CURLOPT_RETURNTRANSFER => true,\n    CURLOPT_HTTPHEADER => [${sent.join(", ")}],\n` +
    `    CURLOPT_POSTFIELDS => ${form === "file" ? "$fields" : "json_encode($fields)"},\n]);\n` +
    "$answer = curl_exec($call);\necho curl_getinfo($call, CURLINFO_RESPONSE_CODE), ' ', $answer, \"\\n\";\n"
  );
}

export function go(made) {
  const { form, file } = made;
  const fields = fieldsOf(made);
  const authorization = token(made) ? `\trequest.Header.Set("Authorization", ${quoted(token(made))})\n` : "";
  const ends =
    `\trequest, err := http.NewRequest("POST", ${quoted(made.url + PATH)}, BODY)\n\tmust(err)\n${authorization}` +
    "\trequest.Header.Set(\"Content-Type\", KIND)\n\tanswer, err := http.DefaultClient.Do(request)\n\tmust(err)\n\tdefer answer.Body.Close()\n" +
    "\ttext, err := io.ReadAll(answer.Body)\n\tmust(err)\n\tfmt.Println(answer.StatusCode, string(text))\n}\n\nfunc must(err error) {\n\tif err != nil {\n\t\tpanic(err)\n\t}\n}\n";
  if (form === "file") {
    const written = fields.map(([name, value]) => `\tmust(form.WriteField(${quoted(name)}, ${quoted(value)}))\n`).join("");
    return (
      'package main\n\nimport (\n\t"bytes"\n\t"fmt"\n\t"io"\n\t"mime/multipart"\n\t"net/http"\n\t"os"\n)\n\nfunc main() {\n' +
      `\tvar body bytes.Buffer\n\tform := multipart.NewWriter(&body)\n${written}\tpart, err := form.CreateFormFile("image", ${quoted(file)})\n\tmust(err)\n` +
      `\tpicture, err := os.ReadFile(${quoted(file)})\n\tmust(err)\n\t_, err = part.Write(picture)\n\tmust(err)\n\tmust(form.Close())\n` +
      ends.replace("BODY", "&body").replace("KIND", "form.FormDataContentType()")
    );
  }
  const pairs = fields.map(([name, value]) => `\t\t${quoted(name)}: ${quoted(value)},\n`).join("");
  const read = form === "base64" ? `\tpicture, err := os.ReadFile(${quoted(file)})\n\tmust(err)\n` : "";
  const image = form === "base64" ? '\t\t"image": base64.StdEncoding.EncodeToString(picture),\n' : "";
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
        body.write("--boundary\\r\\nContent-Disposition: form-data; name=\\"image\\"; filename=\\"FILE\\"\\r\\nContent-Type: TYPE\\r\\n\\r\\n".getBytes());
        body.write(Files.readAllBytes(Path.of("FILE")));
        body.write("\\r\\n--boundary--\\r\\n".getBytes());
`;

export function java(made) {
  const { form, file, type } = made;
  const fields = fieldsOf(made);
  const authorization = token(made) ? `            .header("Authorization", ${javaText(token(made))})\n` : "";
  let kind = "application/json";
  let before;
  let body = "HttpRequest.BodyPublishers.ofString(json)";
  if (form === "file") {
    kind = "multipart/form-data; boundary=boundary";
    body = "HttpRequest.BodyPublishers.ofByteArray(body.toByteArray())";
    const pairs = fields.map(([name, value]) => `            {${javaText(name)}, ${javaText(value)}},\n`).join("");
    before = JAVA_FORM.replace("FIELDS", () => pairs).replaceAll("FILE", file).replace("TYPE", type);
  } else if (form === "base64") {
    before =
      `        String image = Base64.getEncoder().encodeToString(Files.readAllBytes(Path.of(${javaText(file)})));\n` +
      `        String json = ${javaText(`${json(made).slice(0, -1)},"image":"`)} + image + "\\"}";\n`;
  } else {
    before = `        String json = ${javaText(json(made))};\n`;
  }
  const imports = ["java.net.URI", "java.net.http.*", ...(form === "url" || form === "none" ? [] : ["java.nio.file.*"]), ...(form === "base64" ? ["java.util.Base64"] : [])];
  return (
    `${imports.map((name) => `import ${name};\n`).join("")}\npublic class Call {\n    public static void main(String[] given) throws Exception {\n${before}` +
    `        var request = HttpRequest.newBuilder(URI.create(${javaText(made.url + PATH)}))\n${authorization}` +
    `            .header("Content-Type", "${kind}")\n            .POST(${body})\n            .build();\n` +
    "        var answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());\n" +
    '        System.out.println(answer.statusCode() + " " + answer.body());\n    }\n}\n'
  );
}

/** A verbatim string of C#. */
const verbatim = (text) => `@"${text.replaceAll('"', '""')}"`;

export function csharp(made) {
  const { form, file, type } = made;
  const authorization = token(made) ? `        request.Headers.TryAddWithoutValidation("Authorization", ${verbatim(token(made))});\n` : "";
  let before;
  let content = 'new StringContent(json, Encoding.UTF8, "application/json")';
  if (form === "file") {
    const added = fieldsOf(made).map(([name, value]) => `        form.Add(new StringContent(${verbatim(value)}), "${name}");\n`).join("");
    before =
      `        var form = new MultipartFormDataContent();\n${added}        var picture = new ByteArrayContent(File.ReadAllBytes(${verbatim(file)}));\n` +
      `        picture.Headers.TryAddWithoutValidation("Content-Type", "${type}");\n        form.Add(picture, "image", ${verbatim(file)});\n`;
    content = "form";
  } else if (form === "base64") {
    const open = `${json(made).slice(0, -1)},"image":"`;
    before = `        var json = ${verbatim(open)} + Convert.ToBase64String(File.ReadAllBytes(${verbatim(file)})) + @"""}";\n`;
  } else {
    before = `        var json = ${verbatim(json(made))};\n`;
  }
  return (
    "using System;\nusing System.IO;\nusing System.Net.Http;\nusing System.Text;\n\nclass Call\n{\n    static void Main()\n    {\n" +
    `${before}        var request = new HttpRequestMessage(HttpMethod.Post, "${made.url + PATH}");\n${authorization}        request.Content = ${content};\n` +
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

function expectation({ call }) {
  if (["truncate", "drop"].includes(call.fault)) return ["    with pytest.raises(requests.RequestException):\n        ask()\n"];
  if (call.fault === "hang") return ["    with pytest.raises(requests.Timeout):\n        ask()\n"];
  if (["garbage", "html"].includes(call.fault)) return ["    with pytest.raises(ValueError):\n        ask().json()\n"];
  const expected = call.fault === "wrong_type" ? quoted(String(call.code)) : call.code;
  const lines = ["    answer = ask()\n", `    assert answer.status_code == ${call.status}\n`, `    assert answer.json()["code"] == ${expected}\n`];
  if (call.similarity !== null) lines.push(`    assert answer.json()["data"]["similarity"] == ${call.similarity}\n`);
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
    .replace(quoted(made.url + PATH), `URL + "${PATH}"`)
    .replace(quoted(token(made)), signs ? "authorization()" : quoted(token(made)))
    .replace(/\n\)\n$/, `\n    timeout=${made.call.fault === "hang" ? 2 : 30},\n)\n`)
    .replaceAll("\n", "\n    ")
    .trimEnd();
  const later = made.call.call_of_number > 1 ? `    # This was call ${made.call.call_of_number} of its number: an earlier one may be answered otherwise.\n` : "";
  const imports = [...(signs || made.form === "base64" ? ["base64"] : []), ...(signs ? ["hmac"] : []), "os", ...(signs ? ["time"] : [])];
  return (
    `${imports.map((name) => `import ${name}\n`).join("")}\n${raises ? "import pytest\n" : ""}import requests\n\n` +
    `URL = os.environ.get("MOCKFACE_URL", ${quoted(made.url)})\n\n\n${signs ? SIGN(made) : ""}` +
    `def ask():\n    """Replace this by a call of your own client."""\n    return ${body}\n\n\n` +
    `def test_${word}_is_met():\n${later}${asserted.join("")}`
  );
}

/** What the answer says otherwise than the row of its code does. */
function differing(call, known) {
  const found = [];
  let message = known.message;
  try {
    message = JSON.parse(call.answer).message ?? message;
  } catch {
    // An answer that a fault broke, or that is not kept, says nothing of its message.
  }
  if (message !== known.message) found.push(`message: ${quoted(message)}`);
  if (call.status !== known.status && !call.fault) found.push(`status: ${call.status}`);
  return found;
}

/** The call's outcome as a scenario file. */
export function scenario(made) {
  const { call } = made;
  const number = made.masked ? "110110199907010018" : call.number || "110110199907010018";
  const outcome = [];
  if (call.similarity !== null) outcome.push(`similarity: ${call.similarity}`);
  else if (call.code !== 0) outcome.push(`code: ${call.code}`, ...differing(call, made.known));
  if (call.fault) outcome.push(`fault: ${call.fault}`);
  if (call.delay_s) outcome.push(`delay: ${Math.round(call.delay_s * 1000)}ms`);
  if (call.similarity !== null && call.name && !made.masked) outcome.unshift(`name: ${quoted(call.name)}`);
  const note = made.masked ? " # put your own number here: that of the call is masked" : "";
  return `scenarios:\n  ${quoted(number)}: { ${outcome.join(", ")} }${note}\n`;
}
