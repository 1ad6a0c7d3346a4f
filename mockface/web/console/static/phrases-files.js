// Mistakes in scenarios and in requests to the API, in Chinese: [English, Chinese], {} is a value. All else that the server
// says comes in Chinese from the server.
import { language } from "./text.js";

// What is matched first comes first: the forms that would fit much stand at the end.
const MISTAKES = [
  ["{-} is full-width, YAML wants {}", "{} 是全角字符，YAML 需要 {}"],
  ["{-} are full-width, YAML wants {}", "{} 是全角字符，YAML 需要 {}"],
  ["a blank", "空格"],
  ["did you mean {}?", "是否应为 {}？"],
  ["known are {}", "可用的有 {}"],
  ["'mockface codes' lists them", "'mockface codes' 可列出全部"],
  ["an ASGI application cannot make it; the nearest is {}", "ASGI 应用无法产生这种故障；最接近的是 {}"],
  // YAML itself.
  ["this is not valid YAML: {}", "不是有效的 YAML：{}"],
  ["unacceptable character #{}: control characters are not allowed in {}, position {}", "含有不允许的控制字符 #{1}（位置 {3}）"],
  ["unacceptable character #{}: special characters are not allowed in {}, position {}", "含有不允许的特殊字符 #{1}（位置 {3}）"],
  ["control characters are not allowed", "不允许控制字符"],
  ["found undefined alias{}", "引用了未定义的别名{}"],
  ["expected a single document in the stream", "文件中只能有一个文档"],
  ["could not find expected ':'", "缺少冒号 :"],
  ["found unexpected end of stream", "文件意外结束"],
  ["this quote is never closed", "这个引号没有闭合"],
  ["this quote is closed only at {}; is one missing before?", "这个引号直到 {} 才闭合；之前是否缺少引号？"],
  ["this bracket is never closed", "这个括号没有闭合"],
  ["this { is not closed; {} is missing before {}", "这个 { 没有闭合；{2} 之前缺少 {1}"],
  ["this [ is not closed; {} is missing before {}", "这个 [ 没有闭合；{2} 之前缺少 {1}"],
  ["this bracket is not closed; {} is missing before {}", "这个括号没有闭合；{2} 之前缺少 {1}"],
  ["{} is missing before this", "此处之前缺少 {}"],
  ["a , or }", "逗号 , 或 }"],
  ["a , or ]", "逗号 , 或 ]"],
  ["line {}, column {}", "第 {} 行第 {} 列"],
  ["this is a TAB; indent with spaces", "此处是制表符（TAB）；缩进应使用空格"],
  ["no value begins with {}; put it in quotes", "值不能以 {} 开头；应加引号"],
  ["a : is not allowed here; put the value in quotes, or what follows on its own line", "此处不能有冒号 :；应给值加引号，或把后面的内容另起一行"],
  ["a : needs a space after it", "冒号 : 之后需要空格"],
  ["this does not fit into the mapping of {}; are indentation, quotes and : right?", "此处不属于{}处的映射；请检查缩进、引号和冒号 :"],
  ["this is nested more than {} levels deep", "嵌套超过 {} 层"],
  ["*{} is inside the value that it repeats", "*{} 位于它所引用的值之内"],
  ["aliases repeat more than {} values", "别名重复的值超过 {} 个"],
  ["the tag {} is not supported; leave it out", "不支持标签 {}；应去掉"],
  ["more than {} mistakes; reading stops here", "错误超过 {} 处；读取到此为止"],
  ["a merge key (<<) is not supported; name the fields, or repeat a whole value with an alias", "不支持合并键（<<）；应写出各字段，或用别名重复整个值"],
  ["a key of {} is {}; expected a word", "{} 的键是{}；应为单词"],
  ["{} is given twice in {}; the first is in line {}", "{} 在{}中出现两次；第一次在第 {} 行"],
  ["{} is given twice; the first is at {}", "{} 出现两次；第一次在 {}"],
  // Files.
  ["this file is not UTF-8: its byte {} cannot be decoded", "文件不是 UTF-8：第 {} 个字节无法解码"],
  ["this file has more than {} bytes; split it into several", "文件超过 {} 字节；应拆分为多个文件"],
  ["this file cannot be read: {}", "无法读取文件：{}"],
  ["this folder cannot be read: {}", "无法读取目录：{}"],
  ["this cannot be looked at: {}", "无法访问：{}"],
  ["this folder holds no .yaml or .yml file", "目录中没有 .yaml 或 .yml 文件"],
  ["this link leads out of the folder; give what it leads to as a path of its own", "这个链接指向目录之外；应把它指向的路径单独列出"],
  ["this link leads nowhere", "这个链接指向的目标不存在"],
  ["there is no such file or folder", "没有这个文件或目录"],
  ["this is {}; expected a file, or a folder of files", "这是{}；应为文件，或存放文件的目录"],
  ["a named pipe", "命名管道"],
  ["a socket", "套接字"],
  ["a device", "设备"],
  ["Permission denied", "权限不足"],
  ["Is a directory", "是目录"],
  ["Input/output error", "输入输出错误"],
  // Scenarios and accounts.
  ["the number {} is not quoted; write {}", "号码 {} 没有加引号；应写作 {}"],
  ["{} is not an ID number: {}; expected 18 digits (the last may be X) or 15, ? is any one", "{} 不是身份证号码：{}；应为 18 位（最后一位可为 X）或 15 位，? 代表任意一位"],
  ["it has {} characters", "它有 {} 个字符"],
  ["{} is out of place", "不应有 {}"],
  ["this number looks like a real person's (province, birth date and check digit are right); 'mockface ids' prints numbers that nobody holds; months 07 to 09 of that family are free for yours", "此号码看起来属于真人（省份、出生日期和校验位都正确）；'mockface ids' 可打印不属于任何人的号码，其中 07 至 09 月供自行使用"],
  ["code 0 is a success; write similarity: 100.0", "错误码 0 表示成功；应写 similarity: 100.0"],
  ["code is {}; write {} without quotes", "code 是{}；应写 {}，不加引号"],
  ["no code {}; {}", "没有错误码 {}；{}"],
  ["no fault {}; {}", "没有故障 {}；{}"],
  ["status {} is not a whole number", "status {} 不是整数"],
  ["an answer with status {} has no body, so no client could read a code", "状态码为 {} 的响应没有响应体，客户端读不到错误码"],
  ["sequence is {}; expected a list of steps: [{ code: TOO_FREQUENT }]", "sequence 是{}；应为步骤列表：[{ code: TOO_FREQUENT }]"],
  ["sequence is given beside {}; write these inside its steps", "sequence 不能与 {} 并列；应写在各步骤内"],
  ["then needs a sequence: what follows its last step", "then 需要 sequence：它表示最后一步之后的行为"],
  ["name is empty; leave it out, and any name will do", "name 为空；去掉它则接受任何姓名"],
  ["{} is an empty mapping; leave it out, or say what it is", "{} 是空映射；应去掉，或写出内容"],
  ["{},{} has a comma; write {}", "{},{} 用了逗号；应写 {}"],
  ["both similarity and code; a step is a success (similarity: 92.5) or a refusal (code: -5803)", "同时有 similarity 和 code；一个步骤要么成功（similarity: 92.5），要么失败（code: -5803）"],
  ["neither similarity nor code; a step is a success (similarity: 92.5) or a refusal (code: -5803)", "既没有 similarity 也没有 code；一个步骤要么成功（similarity: 92.5），要么失败（code: -5803）"],
  ["rate and otherwise belong together: {}", "rate 和 otherwise 必须同时给出：{}"],
  ["the number has # but nothing reads its digits; for example {}", "号码中有 #，但没有字段读取其数字；例如 {}"],
  ["digits_times needs # in the number; for example {}", "digits_times 要求号码中有 #；例如 {}"],
  ["delay has one kind: {} or {}", "delay 只能有一种：{} 或 {}"],
  ["uniform is {}; expected [shortest, longest], such as {}", "uniform 是{}；应为 [最短, 最长]，例如 {}"],
  ["uniform begins with the longer delay; expected [shortest, longest]", "uniform 先写了较长的延迟；应为 [最短, 最长]"],
  ["lognormal needs {}: {}", "lognormal 缺少 {}：{}"],
  ["lognormal has a max ({}) below its median ({})", "lognormal 的 max（{}）小于 median（{}）"],
  ["only slow has a setting: { slow: 20 }, bytes a second; write fault: {}", "只有 slow 有参数：{ slow: 20 }，即每秒字节数；应写 fault: {}"],
  ["data is too large: {} levels and {} values at most", "data 过大：最多 {} 层、{} 个值"],
  ["data holds {}, which JSON cannot say", "data 含有 {}，JSON 无法表示"],
  ["a number is NaN or without end, which JSON cannot say ({})", "有数字为 NaN 或无穷大，JSON 无法表示（{}）"],
  ["buckets is {}; expected a list: [mybucket]", "buckets 是{}；应为列表：[mybucket]"],
  ["accounts is {}; expected a list: {}", "accounts 是{}；应为列表：{}"],
  ["secret_key is {}; expected a string in quotes", "secret_key 是{}；应为加引号的字符串"],
  ["rate_limit is {}; expected calls per second, minute or hour, such as 5/s", "rate_limit 是{}；应为每秒、每分或每小时的调用次数，例如 5/s"],
  ["an account needs {}", "账号缺少 {}"],
  ["appid {} is {} here and {} at {}; both go for the appid, so give all its accounts the same", "appid {} 在此处为 {}，在 {4} 为 {3}；两者都针对 appid，其所有账号应一致"],
  ["appid {} has {} here and {} at {}; both go for the appid, so give all its accounts the same", "appid {} 在此处为 {}，在 {4} 为 {3}；两者都针对 appid，其所有账号应一致"],
  ["{} and {} ({}) both match some number; narrow one of them", "{} 与 {}（{}）会匹配同一号码；应缩小其中之一的范围"],
  ["{} and {}, added at run time as well, both match some number", "{} 与同样在运行时添加的 {} 会匹配同一号码"],
  ["patterns have their ? and # in {} different places; {} at most, every call tries each", "各模式中 ? 和 # 的位置有 {} 种；最多 {} 种，每次调用都要逐一尝试"],
  ["patterns have their ? and # in {} different places already; that is all", "各模式中 ? 和 # 的位置已有 {} 种，达到上限"],
  // The API.
  ["no call {} is remembered; the journal keeps the last ones", "没有调用 {} 的记录；只保留最近的调用"],
  ["no scenario was added for {}; those of files stay", "没有为 {} 添加过场景；文件中的场景不能在此删除"],
  ["by {} is not a time; expected 31s, 5m, 2h, 1d or a number of seconds", "by {} 不是时间；应为 31s、5m、2h、1d 或秒数"],
  ["the clock goes from 1970 to 2286; PUT /_mockface/clock sets it", "时钟范围为 1970 至 2286 年；用 PUT /_mockface/clock 设置"],
  ["every number is in use{}", "所有号码都已使用{}"],
  // Forms that fit much.
  ["{} {} is out of range; expected {} to {}", "{} {} 超出范围；应为 {} 到 {}"],
  ["{} is {}; expected a plain number, such as {} without quotes", "{} 是{}；应为普通数字，例如 {}，不加引号"],
  ["{} is {}; expected a plain number, such as {}", "{} 是{}；应为普通数字，例如 {}"],
  ["{} is {}; expected a time, such as 300ms, 3s or 2m, at most an hour", "{} 是{}；应为时长，例如 300ms、3s 或 2m，最多一小时"],
  ["{} is {}; expected a string, in quotes if it looks like something else", "{} 是{}；应为字符串，看似其他类型时要加引号"],
  ["{} is {}; expected a mapping: {}", "{}是{}；应为映射：{}"],
  ["{} is {}; expected a mapping", "{}是{}；应为映射"],
  ["{} is not a section; {}", "没有名为 {} 的部分；{}"],
  ["{} has no field {}; {}", "{}没有字段 {}；{}"],
  ["{} has no {}; {}", "{} 没有 {}；{}"],
  ["a string ({})", "字符串（{}）"],
  ["a number ({})", "数字（{}）"],
  ["true or false ({})", "布尔值（{}）"],
  ["nothing ({})", "空值（{}）"],
  ["a date ({})", "日期（{}）"],
  ["a string", "字符串"],
  ["a number", "数字"],
  ["true or false", "布尔值"],
  ["nothing", "空值"],
  ["a mapping", "映射"],
  ["an empty list", "空列表"],
  ["a list", "列表"],
  ["a date", "日期"],
  ["a merge key", "合并键"],
  ["the sign =", "符号 ="],
  ["the file", "文件"],
  ["a scenario", "场景"],
  ["an account", "账号"],
  ["a step", "步骤"],
  ["a bucket", "bucket"],
];

/** A form as it is matched: {} is a value, {-} one without a semicolon. */
function matcher(english) {
  const text = english.replace(/[.*+?^$()[\]\\|{}]/g, "\\$&");
  return new RegExp(`^${text.replaceAll("\\{\\}", "(.+?)").replaceAll("\\{-\\}", "([^;]+?)")}$`, "s");
}

const FORMS = MISTAKES.map(([english, chinese]) => [matcher(english), chinese]);
/** Of how many pieces between semicolons a sentence is, at most. */
const MOST_PIECES = 5;
const PLACE = /^(.+?:\d+:\d+|[^:]+): (.+)$/s;

/** A sentence of the server in Chinese; null where its form is not known. Its parts are looked up as well. */
function inChinese(sentence) {
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

/** What the API refused, one mistake or several, for the reader. */
export function refusal(sentence) {
  return (language === "zh" && eachInChinese(sentence)) || sentence;
}

/** A mistake with its place before it, `file:line:column: words`, for the reader. */
export function mistake(line) {
  const [, place, words] = line.match(PLACE) || [];
  return place ? `${place}: ${refusal(words)}` : line;
}
