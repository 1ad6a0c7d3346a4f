// Calls of the liveness operations by the vendor's SDK, unmodified. Reads its task as JSON from the standard input,
// writes what came back as JSON to the standard output.
const fs = require('fs');
const { ImageClient } = require('image-node-sdk');

const { host, account, video, card, numbers, broken } = JSON.parse(fs.readFileSync(0, 'utf8'));
const sdk = new ImageClient(account).setHost(host).setProtocol('http:');
const name = '张三';

// The SDK rejects on no status; its answer is the whole response with a body of text.
const body = async (call) => JSON.parse((await call).body);
// Programs pass this Content-Type by hand; the library replaces it with one that has a boundary.
const form = (formData) => ({ formData, headers: { 'content-type': 'multipart/form-data' } });

async function everything() {
  const digits = await body(sdk.faceLiveGetFour({ data: { seq: 'seq-1' } }));
  const read = { validate_data: digits.data.validate_data };
  const person = { ...read, idcard_name: name, idcard_number: numbers.success };
  if (broken) {
    return body(sdk.faceLiveDetectFour(form({ ...read, video: fs.createReadStream(video), compare_flag: true })));
  }
  return {
    digits,
    stream: await body(sdk.faceIdCardLiveDetectFour(form({ ...person, video: fs.createReadStream(video) }))),
    buffer: await body(sdk.faceIdCardLiveDetectFour(form({ ...person, video: fs.readFileSync(video) }))),
    misread: await body(sdk.faceIdCardLiveDetectFour(form({
      ...person, idcard_number: numbers.misread, video: fs.createReadStream(video),
    }))),
    card: await body(sdk.faceLiveDetectFour(form({
      ...read, compare_flag: 'true', video: fs.createReadStream(video), card: fs.createReadStream(card),
    }))),
    picture: await body(sdk.faceLiveDetectPic(form({ image: fs.createReadStream(card) }))),
    compare: await body(sdk.faceCompare({ data: { urlA: 'http://e/a.jpg', urlB: 'http://e/b.jpg' } })),
    identity: await body(sdk.authIdCard({ data: { idcard_number: numbers['other name'], idcard_name: name } })),
  };
}

everything().then(
  (results) => console.log(JSON.stringify(results)),
  (fault) => { console.error(fault); process.exit(1); },
);
