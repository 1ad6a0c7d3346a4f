// The server's own sentences in Chinese: why a call got its answer, mistakes in a signature, what was odd.
//
// They are English on the wire (headers are ASCII), so they are known by their form; one that is not known stays as it is.
import files from "./phrases-files.js";
import { language } from "./text.js";
import values from "./phrases-values.js";

const WHYS = [
  ["scenario {} ({}), call {} of this number, answers {}", "场景 {}（{}），该号码的第 {} 次调用，返回 {}"],
  ["scenario {} ({}), call {} of this number", "场景 {}（{}），该号码的第 {} 次调用"],
  ["scenario {} ({}) registers another name than the request gives", "场景 {}（{}）登记的姓名与请求中的不同"],
  ["scenario {} ({}) answers {}", "场景 {}（{}）返回 {}"],
  ["scenario {} ({}): it registers the name {}, the call gives {}", "场景 {}（{}）：登记的姓名是 {}，请求给出 {}"],
  ["scenario {} ({})", "场景 {}（{}）"],
  ["the # digits of {} spell no similarity of 0 to 100 here; {}", "{} 的 # 数字在此不是 0 到 100 的相似度；{}"],
  ["no scenario has {}; malformed numbers get {} ({}): {}", "没有场景匹配 {}；格式不正确的号码得到 {}（{}）：{}"],
  ["no scenario has {}; well-formed numbers get {} ({})", "没有场景匹配 {}；格式正确的号码得到 {}（{}）"],
  ["it has {} characters, expected 18 or 15", "它有 {} 个字符，应为 18 或 15 个"],
  ["it holds something other than digits (only the last of 18 may be X)", "含有数字以外的字符（只有 18 位的最后一位可以是 X）"],
  ["its check digit is {}, {} would be right", "校验位是 {}，正确的是 {}"],
  ["check {}", "检查 {}"],
  ["{} ({}) differs at characters {}", "{}（{}）在第 {} 个字符处不同"],
  ["{} ({}) differs at character {}", "{}（{}）在第 {} 个字符处不同"],
  ["no operation at {}; POST {} is here", "{} 没有接口；应 POST {}"],
  ["method {}; {} takes POST", "方法为 {}；{} 只接受 POST"],
  ["{}; the whole body may have {} bytes (base64 makes a picture a third larger)", "{}；整个请求体最多 {} 字节（base64 会使图片增大三分之一）"],
  ["Content-Length is {}", "Content-Length 为 {}"],
  ["the body went on", "请求体超过上限"],
  ["Host is {}; --hosts allows {}", "Host 为 {}；--hosts 允许 {}"],
  ["{}; send it as a string, such as {}", "{}；应以字符串发送，例如 {}"],
  ["appid is a JSON {}", "appid 是 JSON 的 {}"],
  ["no appid came", "没有收到 appid"],
  ["the multipart body does not parse: {}", "multipart 请求体无法解析：{}"],
  ["Content-Encoding is {}; the body is read as it comes: send it without", "Content-Encoding 为 {}；请求体按原样读取，发送时应去掉"],
  ["Content-Type multipart/form-data without a boundary; let the HTTP library set this header", "Content-Type 为 multipart/form-data，但没有 boundary；应由 HTTP 库设置该请求头"],
  ["Content-Type is {}; expected application/json, or multipart/form-data with a boundary", "Content-Type 为 {}；应为 application/json，或带 boundary 的 multipart/form-data"],
  ["{} Content-Type headers that differ; expected one", "有 {} 个不同的 Content-Type 请求头；应只有一个"],
  ["{} Authorization headers that differ; expected one", "有 {} 个不同的 Authorization 请求头；应只有一个"],
  ["absent", "缺失"],
  ["the JSON starts with a UTF-8 byte order mark (EF BB BF); send it without one", "JSON 以 UTF-8 字节顺序标记（EF BB BF）开头；发送时应去掉"],
  ["the JSON does not parse: {}, in a string of over {} bytes", "JSON 无法解析：{}，在一个超过 {} 字节的字符串中"],
  ["the JSON does not parse: {} at character {} of {}", "JSON 无法解析：{}，在第 {} 个字符（共 {} 个）"],
  ["the JSON does not parse: {}", "JSON 无法解析：{}"],
  ["the JSON is not UTF-8: byte {} is {}", "JSON 不是 UTF-8：第 {} 个字节为 {}"],
  ["the JSON is nested too deeply; expected one flat object", "JSON 嵌套过深；应为一个扁平的对象"],
  ["the JSON is too much: it holds more than {} bytes besides its long strings and blanks", "JSON 过大：除长字符串和空白外超过 {} 字节"],
  ["the JSON is too much: it holds more than {} strings of over {} bytes", "JSON 过大：有超过 {} 个大于 {} 字节的字符串"],
  ["the JSON is too much: it holds more than {} strings", "JSON 过大：有超过 {} 个字符串"],
  ["the JSON is {}; expected an object", "JSON 是 {}；应为对象"],
  ["the JSON gives {} twice", "JSON 中 {} 出现两次"],
  ["it ends in the head of part {} without the final boundary {}", "在第 {} 部分的头中结束，没有结尾的 boundary {}"],
  ["it ends in part {} without the final boundary {}", "在第 {} 部分中结束，没有结尾的 boundary {}"],
  ["it ends before the first part without the final boundary {}", "在第一部分之前结束，没有结尾的 boundary {}"],
  ["the final boundary has no -- behind it; the parts before it were taken (--final-boundary optional)", "结尾 boundary 之后没有 --；前面各部分已被接受（--final-boundary optional）"],
  ["its final boundary has no -- behind it, and --final-boundary required is on", "结尾 boundary 之后没有 --，而 --final-boundary 为 required"],
  ["it has more than {} parts", "超过 {} 个部分"],
  ["part {} has no name in a Content-Disposition header", "第 {} 部分没有 Content-Disposition 头部中的 name"],
  ["part {} does not begin with headers: expected lines of 'Name: value' ended by CR LF, then a blank line, at most {} headers of {} bytes each", "第 {} 部分不以头部字段开始：应为以 CR LF 结尾的“名称: 值”各行，之后一个空行；最多 {} 个头部字段，每个 {} 字节"],
  ["the boundary of Content-Type has {} characters; RFC 2046 allows 70, mockface takes {}", "Content-Type 中的 boundary 有 {} 个字符；RFC 2046 允许 70 个，mockface 接受 {} 个"],
  ["byte {} is behind a boundary and {}; CR LF or -- is wanted", "第 {} 个字节在 boundary 之后，为 {}；应为 CR LF 或 --"],
  ["field {} is given twice", "字段 {} 出现两次"],
  ["field {} has Content-Transfer-Encoding {}; send it unencoded", "字段 {} 的 Content-Transfer-Encoding 为 {}；应不编码发送"],
  ["field {} is not UTF-8: its byte {} is {} (GBK?)", "字段 {} 不是 UTF-8：第 {} 个字节为 {}（GBK？）"],
  ["no Authorization header, or an empty one; {}", "没有 Authorization 请求头，或其值为空；{}"],
  ["'mockface sign' prints one that works", "'mockface sign' 可打印可用的签名"],
  ["Authorization: {}; 'mockface sign' prints one that works", "Authorization：{}；'mockface sign' 可打印可用的签名"],
  ["not standard Base64 (A-Z a-z 0-9 + /, no scheme word): character {} is {}", "不是标准 Base64（A-Z a-z 0-9 + /，前面没有方案名）：第 {} 个字符是 {}"],
  ["{} characters of Base64 cannot be whole (one more or less than a multiple of 4)", "{} 个 Base64 字符不完整（比 4 的倍数多或少一个）"],
  ["decodes to {} bytes; expected 20 digest bytes and the signed text", "解码后为 {} 字节；应为 20 字节摘要加签名文本"],
  ["the digest is 40 hexadecimal characters; expected its 20 raw bytes", "摘要是 40 个十六进制字符；应为 20 个原始字节"],
  ["the text after its 20 digest bytes is not printable ASCII", "20 字节摘要之后的文本不是可打印 ASCII"],
  ["the signed text has no {} (a, k, e and t are needed)", "签名文本缺少 {}（需要 a、k、e、t）"],
  ["the signed text gives {} twice", "签名文本中 {} 出现两次"],
  ["{} in the signed text is not a key=value pair", "签名文本中的 {} 不是 key=value"],
  ["{} is not a time in whole seconds", "{} 不是以整秒表示的时间"],
  ["Authorization: e=0 makes it single-use, and then f= must name a resource; for many uses give e a time to come", "Authorization：e=0 表示单次签名，此时 f= 必须给出资源；多次签名的 e 应为将来的时间"],
  ["the signature is for a={}, the request for appid {}", "签名属于 a={}，请求的 appid 是 {}"],
  ["the signature is for b={}, the request for bucket {}", "签名属于 b={}，请求的 bucket 是 {}"],
  ["the signature ended at e={}, {} s before now ({})", "签名在 e={1} 过期，比现在（{3}）早 {2} 秒"],
  ["this single-use signature (e=0) was used before; make a new signature for each call", "这个单次签名（e=0）已经用过；每次调用都要重新签名"],
  ["the signature lives {} s (e - t); {} s, 90 days, at most", "签名有效期为 {} 秒（e - t）；最多 {} 秒，即 90 天"],
  ["no account has appid {}; known: {}", "没有账号的 appid 是 {}；已知：{}"],
  ["no account has the SecretId of k=; {}", "没有账号的 SecretId 与 k= 相同；可在场景文件的 accounts: 中添加，或用 'mockface sign' 签名"],
  ["the SecretId of k= belongs to appid {}, a= says {}", "k= 的 SecretId 属于 appid {}，而 a= 是 {}"],
  ["the digest is not HMAC-SHA1 of the signed text ({} bytes) with the account's key", "摘要不是用账号密钥对签名文本（{} 字节）所作的 HMAC-SHA1"],
  ["the account has no bucket {}; its buckets: {}", "账号没有 bucket {}；它的 bucket：{}"],
  ["appid {} is over its rate_limit, {} calls in {} s; wait, or advance the clock", "appid {1} 超过频率限制：{2} 次 / {3} 秒；请等待，或快进时钟"],
  ["the account of appid {} is in arrears (state: {})", "appid {} 的账号已欠费（state: {}）"],
  ["the account of appid {} is not authorised (state: {})", "appid {} 的账号未授权（state: {}）"],
  ["the account of appid {} finds the authentication service down (state: {})", "appid {} 的鉴权服务不可用（state: {}）"],
  ["{} absent or empty; both are needed", "{} 缺失或为空；两者都需要"],
  ["{} is a JSON {}; expected a string", "{} 是 JSON 的 {}；应为字符串"],
  ["idcard_number looks like a real person's, and --deny-real-ids is on; {}", "idcard_number 看起来属于真人，而 --deny-real-ids 已打开；'mockface ids' 可打印不属于任何人的号码"],
  ["neither url nor image, or both empty; expected one of them", "没有 url 也没有 image，或都为空；需要其中之一"],
  ["url begins {}; expected http:// or https:// (it is not fetched)", "url 以 {} 开头；应为 http:// 或 https://（不会下载）"],
  ["the image is a GIF by its first bytes; expected {}", "按开头字节，图片是 GIF；接受 {}"],
  ["the image came as {} but is not base64: {}; expected {}, or anything with --pictures any", "图片以 {} 发送，但不是 base64：{}；接受 {}，用 --pictures any 则接受任何内容"],
  ["the image ({}, {} bytes) looks like {} by its first bytes; expected {}, or anything with --pictures any", "图片（{}，{} 字节）从开头字节看像 {}；接受 {}，用 --pictures any 则接受任何内容"],
  ["the image ({}, {} bytes) is in an unknown format by its first bytes; expected {}, or anything with --pictures any", "图片（{}，{} 字节）从开头字节看格式未知；接受 {}，用 --pictures any 则接受任何内容"],
  ["the image: {}", "图片：{}"],
  ["it holds {} blanks and no '+': decoding of a form makes a blank of '+', send it as %2B", "含有 {} 个空格而没有“+”：表单解码会把“+”变成空格，应以 %2B 发送"],
  ["its = padding is missing", "缺少末尾的 = 填充"],
  ["its bytes were read as text on their way: EF BF BD stands for those that are not UTF-8", "图片字节在途中被当作文本读取：不是 UTF-8 的字节变成了 EF BF BD"],
  ["it is a data URL that does not say ;base64 in its first {} bytes", "是 data URL，但前 {} 字节中没有 ;base64"],
  ["it holds {}, which standard base64 does not ({})", "含有 {}，标准 base64 中没有这个字符（{}）"],
  ["it holds {}, which standard base64 does not", "含有 {}，标准 base64 中没有这个字符"],
  ["there is text behind its '=' padding", "“=”填充之后还有内容"],
  ["{} characters with {} '=' cannot be whole base64", "{} 个字符加 {} 个“=”不是完整的 base64"],
  ["URL-safe base64 does", "URL 安全的 base64 才有"],
  ["percent-encoding does", "百分号编码才有"],
  ["an escape that was escaped again does", "转义符被再次转义"],
  ["Python's str() of bytes does", "对 Python 的 bytes 用了 str()"],
  ["a string with its quotes does", "字符串连同引号"],
  ["a URL or a path does", "URL 或文件路径"],
  ["a file name does", "文件名"],
  ["a data URL that does not say ;base64", "没有 ;base64 的 data URL"],
  ["Python's str() of bytes", "Python 的 bytes 经 str() 得到的文本"],
  ["a URL, which the field url is for", "URL，应放在 url 字段"],
  ["a picture whose bytes were read as text, so that EF BF BD stands for those that are not UTF-8", "字节被当作文本读取的图片，不是 UTF-8 的字节变成了 EF BF BD"],
  ["a {} encoded as UTF-8 once more", "又做了一次 UTF-8 编码的 {}"],
  ["a PNG whose line ends were converted", "换行符被转换过的 PNG"],
  ["text behind a byte order mark", "带字节顺序标记的文本"],
  ["a {} in base64 twice", "做了两次 base64 的 {}"],
  ["a {} in hexadecimal", "十六进制的 {}"],
  ["text fields sent as file parts: {} (the vendor's Python SDK does so)", "文本字段以文件形式发送：{}（厂商 Python SDK 会这样做）"],
  ["session_id is the four letters null (the vendor's Java SDK sends so)", "session_id 是 null 四个字母（厂商 Java SDK 会这样做）"],
  ["{} is a JSON {}, not a string", "{} 是 JSON 的 {}，不是字符串"],
  ["Content-Type multipart/form-data without a usable boundary: set by hand?", "Content-Type 为 multipart/form-data，但没有可用的 boundary：是手工设置的吗？"],
  ["appid is in the query string, not in the body", "appid 在查询串中，不在请求体中"],
  ["asks to upgrade to {} (the JDK's HttpClient does so on plain http)", "请求升级到 {}（JDK 的 HttpClient 在未加密的 http 连接上会这样做）"],
  ["sent as to a proxy", "按发往代理的方式发送"],
  ["both url and image: only url counts", "同时有 url 和 image：只看 url"],
  ["{} looks like milliseconds; expected seconds: {}", "{} 像是毫秒；应为秒：{}"],
  ["{} is not after {}; e is the end time, not a duration", "{} 不晚于 {}；e 是过期时刻，不是时长"],
  ["it ended {} ago (code 9)", "已过期 {}（错误码 9）"],
  ["it lives longer than three months; --signature verify refuses that (code 9)", "有效期超过三个月；--signature verify 会拒绝（错误码 9）"],
  ["t is {} from now; does the client's clock agree?", "t 比现在晚 {}；客户端时钟对吗？"],
  ["e=0 makes it single-use, and then f= must name a resource (code 5)", "e=0 表示单次签名，此时 f= 必须给出资源（错误码 5）"],
  ["a={} is not an appid of 7 to 10 digits; are a= and k= swapped?", "a={} 不是 7 到 10 位的 appid；a= 与 k= 是否颠倒？"],
  ["no Authorization came, or an empty one (code 4)", "没有收到 Authorization，或为空（错误码 4）"],
  ["it begins with the scheme word {}; send the value alone", "前面有方案名 {}；应只发送值本身"],
  ["it is in quotes; send it without them", "带有引号；发送时应去掉"],
  ["it contains a blank or a line break; send one line, some encoders wrap at 76 characters", "中间有空格或换行；应为一行，有些编码器每 76 个字符换行"],
  ["it is URL-encoded (%2B, %2F, %3D); a header is sent as it is, with + / =", "经过 URL 编码（%2B、%2F、%3D）；请求头应原样发送 + / ="],
  ["it uses the URL-safe alphabet (- and _); expected the standard one (+ and /)", "是 URL 安全字母表（- 和 _）；应为标准字母表（+ 和 /）"],
  ["it is the signed text itself; expected Base64 of the 20 digest bytes and the text", "是签名文本本身；应为 20 字节摘要加文本的 Base64"],
  ["the digest is Base64 itself; expected its 20 raw bytes, then Base64 of the whole", "摘要本身已是 Base64；应为 20 个原始字节，再整体作 Base64"],
  ["there is no digest before the text; expected {} bytes of HMAC-SHA1", "文本前没有摘要；应有 {} 字节 HMAC-SHA1"],
  ["the digest has {} bytes; HMAC-SHA1 makes {}", "摘要有 {} 字节；HMAC-SHA1 为 {} 字节"],
  ["the digest is not the one that the account's SecretKey makes (code 14 with verify)", "摘要与账号的 SecretKey 不符（verify 下为错误码 14）"],
  ["a={} is another appid than the request's {} (code 6)", "a={} 与请求的 appid {} 不同（错误码 6）"],
  ["r={} has {} digits; expected at most {}, more are accepted", "r={} 有 {} 位数字；最多应为 {} 位，更多也接受"],
];

/** A form as it is matched: {} is a value, {-} one without a semicolon. */
function matcher(english) {
  const text = english.replace(/[.*+?^$()[\]\\|{}]/g, "\\$&");
  return new RegExp(`^${text.replaceAll("\\{\\}", "(.+?)").replaceAll("\\{-\\}", "([^;]+?)")}$`, "s");
}

const FORMS = [...WHYS, ...files, ...values].map(([english, chinese]) => [matcher(english), chinese]);
/** Of how many pieces between semicolons a sentence is, at most. */
const MOST_PIECES = 5;
const PLACE = /^(.+?:\d+:\d+|[^:]+): (.+)$/s;

/** A sentence of the server in Chinese; null where its form is not known. Its parts are looked up as well. */
export function inChinese(sentence) {
  for (const [form, chinese] of FORMS) {
    const found = sentence.match(form);
    if (found) {
      let at = 0;
      return chinese.replace(/\{(\d?)\}/g, (whole, place) => {
        at += 1;
        const part = found[place || at] ?? "";
        return inChinese(part) ?? part;
      });
    }
  }
  return null;
}

/** Several sentences with semicolons between and inside them, each in Chinese; null where one is not known. */
function eachInChinese(sentences) {
  const pieces = sentences.split("; ");
  const from = [...pieces.map(() => null), []];
  for (let at = pieces.length - 1; at >= 0; at -= 1) {
    for (let end = at + 1; end <= Math.min(at + MOST_PIECES, pieces.length) && !from[at]; end += 1) {
      const first = from[end] && inChinese(pieces.slice(at, end).join("; "));
      if (first) from[at] = [first, ...from[end]];
    }
  }
  return from[0] && from[0].join("；");
}

/** A sentence of the server for the reader: [words, language of these words or null]. */
export function said(sentence) {
  if (language !== "zh") return [sentence, null];
  const chinese = inChinese(sentence);
  return chinese === null ? [sentence, "en"] : [chinese, null];
}

/** What the API refused, one mistake or several, for the reader. */
export function refusal(sentence) {
  return (language === "zh" && eachInChinese(sentence)) || sentence;
}

/** A mistake with its place before it, `file:line:column: words`, for the reader. */
export function mistake(line) {
  const [, place, words] = line.match(PLACE) || [];
  return place ? `${place}: ${refusal(words)}` : line;
}
