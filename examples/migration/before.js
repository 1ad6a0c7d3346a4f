// before.js
// The client before: POST /face/idcardcompare, signed with HMAC-SHA1.
const crypto = require('crypto')

const url = process.env.MOCKFACE_URL || 'http://127.0.0.1:8641'
const account = {
  appid: '1250000000',
  secretId: 'AKIDmock0000000000000000000000000000',
  secretKey: 'mock-secret-key-0123456789abcdef',
  bucket: 'mockbucket'
}

function authorization () {
  const now = Math.floor(Date.now() / 1000)
  const text = `a=${account.appid}&b=${account.bucket}&k=${account.secretId}&e=${now + 600}&t=${now}&r=${crypto.randomInt(1e9)}&f=`
  const digest = crypto.createHmac('sha1', account.secretKey).update(text).digest()
  return Buffer.concat([digest, Buffer.from(text)]).toString('base64')
}

async function outcome (number, name, photo) {
  const response = await fetch(`${url}/face/idcardcompare`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: authorization() },
    body: JSON.stringify({
      appid: account.appid,
      bucket: account.bucket,
      idcard_number: number,
      idcard_name: name,
      image: photo.toString('base64')
    })
  })
  const answer = await response.json()
  switch (answer.code) {
    case 0: return answer.data.similarity > 75 ? 'passed' : 'another face'
    case -5803: return 'wrong name'
    case -5804: return 'wrong number'
    case 15: return 'try again'
    default: throw new Error(`${answer.code} ${answer.message}`)
  }
}

async function main () {
  const photo = Buffer.from('ffd8ffe0ffd9', 'hex') // stands for a photo
  console.log(await outcome('110110199909090909', '张三', photo))
  console.log(await outcome('110110199905018032', '张三', photo))
}

main()
