// Calls by Node's own fetch and by the vendor's SDK, unmodified. Reads its task as JSON from the standard input, writes
// what came back as JSON to the standard output.
const fs = require('fs');
const { url, host, account, authorization, photo, large, numbers, client } = JSON.parse(fs.readFileSync(0, 'utf8'));

const person = { idcard_number: '110110199909090909', idcard_name: '张三' };
const picture = 'http://example.com/face.jpg';

async function byFetch() {
  const post = async (init) => {
    const headers = { Authorization: authorization, ...init.headers };
    return (await fetch(`${url}/face/idcardcompare`, { method: 'POST', ...init, headers })).json();
  };
  const json = (number) => post({
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ appid: account.AppId, ...person, idcard_number: number, url: picture }),
  });
  const form = (file) => {
    const body = new FormData();
    body.set('appid', account.AppId);
    body.set('idcard_number', person.idcard_number);
    body.set('idcard_name', person.idcard_name);
    body.set('image', new Blob([fs.readFileSync(file)], { type: 'image/jpeg' }), 'face.jpg');
    return post({ body });
  };
  const codes = {};
  for (const number of numbers) codes[number] = (await json(number)).code;
  return { url: await json(person.idcard_number), file: await form(photo), large: await form(large), codes };
}

async function bySdk() {
  const { ImageClient } = require('image-node-sdk');
  const sdk = new ImageClient(account).setHost(host).setProtocol('http:');
  const body = async (call) => {
    // The SDK rejects on no status; its answer is the whole response with a body of text.
    const answer = await call;
    return JSON.parse(answer.body);
  };
  const json = (number) => body(sdk.faceIdCardCompare({ data: { ...person, idcard_number: number, url: picture } }));
  const form = (image) => body(sdk.faceIdCardCompare({
    formData: { ...person, image }, headers: { 'content-type': 'multipart/form-data' },
  }));
  const codes = {};
  for (const number of numbers) codes[number] = (await json(number)).code;
  return {
    url: await json(person.idcard_number),
    file: await form(fs.createReadStream(photo)),
    buffer: await form({ value: fs.readFileSync(photo), options: { filename: 'face.jpg', contentType: 'image/jpeg' } }),
    codes,
  };
}

(client === 'sdk' ? bySdk() : byFetch()).then(
  (results) => console.log(JSON.stringify(results)),
  (fault) => { console.error(fault); process.exit(1); },
);
