// Calls of API 3.0 by the vendor's SDK, unmodified. Reads them as JSON from the standard input, writes what came back as
// JSON to the standard output: an answer, or what the exception says.
const fs = require('fs');
const { Client } = require('tencentcloud-sdk-nodejs/tencentcloud/services/faceid').faceid.v20180301;

async function one({ endpoint, credential, action, signMethod, reqMethod, language, fields, reqTimeout = 20 }) {
  const httpProfile = { endpoint, protocol: 'http://', reqMethod, reqTimeout };
  const client = new Client({ credential, region: 'ap-guangzhou', profile: { signMethod, language, httpProfile } });
  try {
    return await client[action](fields);
  } catch ({ code, message, requestId, httpCode }) {
    return { code, message, requestId, httpCode };
  }
}

async function all(calls) {
  const answers = [];
  for (const call of calls) answers.push(await one(call));
  return answers;
}

all(JSON.parse(fs.readFileSync(0, 'utf8'))).then(
  (answers) => console.log(JSON.stringify(answers)),
  (fault) => { console.error(fault); process.exit(1); },
);
