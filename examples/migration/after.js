// after.js
// The client after: ImageRecognitionV2, by the vendor's SDK (tencentcloud-sdk-nodejs).
const { faceid } = require('tencentcloud-sdk-nodejs')

const url = new URL(process.env.MOCKFACE_URL || 'http://127.0.0.1:8641')
const client = new faceid.v20180301.Client({
  credential: { secretId: 'AKIDmock0000000000000000000000000000', secretKey: 'mock-secret-key-0123456789abcdef' },
  region: '',
  profile: { httpProfile: { endpoint: url.host, protocol: `${url.protocol}//` } }
})

async function outcome (number, name, photo) {
  let code
  try {
    const fields = { IdCard: number, Name: name, ImageBase64: photo.toString('base64') }
    code = (await client.ImageRecognitionV2(fields)).Result
  } catch (refusal) {
    if (!refusal.code) throw refusal
    code = refusal.code
  }
  switch (code) {
    case 'Success': return 'passed'
    case 'FailedOperation.CompareLowSimilarity': return 'another face'
    case 'FailedOperation.IdNameMisMatch': return 'wrong name'
    case 'FailedOperation.IdFormatError':
    case 'FailedOperation.IdNoExistSystem': return 'wrong number'
    case 'RequestLimitExceeded': return 'try again'
    default: throw new Error(code)
  }
}

async function main () {
  const photo = Buffer.from('ffd8ffe0ffd9', 'hex') // stands for a photo
  console.log(await outcome('110110199909090909', '张三', photo))
  console.log(await outcome('110110199905018032', '张三', photo))
}

main()
