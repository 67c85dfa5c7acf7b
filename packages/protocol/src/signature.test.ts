import assert from 'node:assert/strict'
import { constants, createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { test } from 'node:test'
import { signAsNode, signRequest } from '#signature.ts'

const request = {
  method: 'GET',
  url: new URL('https://example.amazonaws.com/'),
  headers: {},
  body: '',
  service: 'service',
  region: 'us-east-1',
  date: new Date('2015-08-30T12:36:00Z'),
}
const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: '',
}

// From AWS's published test suite for Signature Version 4.
for (const [name, url, signature] of [
  ['get-vanilla', '/', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  [
    'get-vanilla-query-order-key-case',
    '/?Param2=value2&Param1=value1',
    'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  ],
] as const) {
  test(`the signature of ${name} is the published one`, () => {
    const { authorization } = signRequest({ ...request, url: new URL(url, request.url) }, credentials)
    assert.equal(
      authorization,
      `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=${signature}`,
    )
  })
}

test('a session token is sent and signed', () => {
  const headers = signRequest(request, { ...credentials, sessionToken: 'token' })
  assert.equal(headers['x-amz-security-token'], 'token')
  assert.match(headers.authorization!, /SignedHeaders=host;x-amz-date;x-amz-security-token,/)
})

test('a node signs what Amazon’s agent signs, with its own key', () => {
  const keys = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': 'AmazonSSM.RequestManagedInstanceRoleToken',
  }
  const signed = signAsNode(
    {
      ...request,
      method: 'POST',
      url: new URL('http://127.0.0.1:18443/'),
      headers,
      body: '{"Fingerprint":"467a29a4-b18a-43e4-9b72-b1c55139e7ff"}',
      service: 'ssm',
      date: new Date('2026-11-21T02:50:47Z'),
    },
    'mi-6444a764262facef2',
    keys.privateKey,
  )
  // The string to sign of the captured request.
  const text = [
    'AWS4-HMAC-SHA256',
    '20261121T025047Z',
    '20261121/us-east-1/ssm/aws4_request',
    '79437e0fcd818ec315da7d8d897ef3e8cf884d1958f254d8ad7b4cbe9479b970',
  ].join('\n')
  const [, signature] = /Signature=(.+)$/.exec(signed.authorization!)!
  const key = createPublicKey({ key: keys.publicKey, format: 'der', type: 'spki' })
  const options = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
  assert.equal(verify('sha256', Buffer.from(text), options, Buffer.from(signature!, 'base64')), true)
  assert.equal(signed['x-amz-content-sha256'], '28a019d5fd8a376531100f79e4937f0e6728444b6d40930bec9e9890891941fd')
  assert.match(
    signed.authorization!,
    /Credential=mi-6444a764262facef2\/.*SignedHeaders=content-type;host;x-amz-date;x-amz-target,/,
  )
})
