import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SignatureV4 } from '@smithy/signature-v4'
import { signRequest } from '@steward/protocol/signature.ts'
import fc from 'fast-check'
import { ApiError } from '#kernel/api-error.ts'
import { type Claim, readClaim } from './claim.ts'
import { checkService, checkSignature, type SignedRequest, signedTexts, timeRefusal } from './sigv4.ts'
import { Sha256 } from './testing/sha256.ts'

const NOW = new Date('2026-11-21T02:50:47Z')
const SECRET = 'a-secret-access-key'

// ---------------------------------------------------------------------------------------------------------------------
// The signer of AWS's own SDKs as oracle

interface Sketch {
  method: string
  segments: string[]
  slash: boolean
  query: Record<string, string | string[]>
  headers: Record<string, string>
  body: string
  sessionToken: string | undefined
}

const text = fc.string({ unit: 'binary', maxLength: 12 })
const printable = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((c) => String.fromCharCode(c)),
  maxLength: 20,
})
// The SDKs' signer keeps the query in an ordinary object, which cannot hold this name.
const queryName = text.filter((name) => !/^$|^__proto__$|^x-amz-/i.test(name))
const headerName = fc
  .stringMatching(/^x-[a-z0-9-]{1,12}$/)
  .filter((name) => !/^x-amz-(date|security-token|content-sha256)$|^x-amzn-trace-id$/.test(name))

const sketches: fc.Arbitrary<Sketch> = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
  segments: fc.array(fc.oneof(text, fc.constantFrom('', '.', '..', 'a b', 'ä', '%2F', '+', '~')), { maxLength: 4 }),
  slash: fc.boolean(),
  query: fc.dictionary(queryName, fc.oneof(text, fc.array(text, { minLength: 1, maxLength: 3 })), { maxKeys: 4 }),
  headers: fc.dictionary(headerName, printable, { maxKeys: 4 }),
  body: text,
  sessionToken: fc.option(fc.stringMatching(/^[\w+/=]{1,40}$/), { nil: undefined }),
})

/** A request as SDK clients hand it to their signer: the path encoded once, the query decoded. */
function described({ method, segments, slash, query, headers, body }: Sketch) {
  const path = `/${segments.map(encodeURIComponent).join('/')}${slash && segments.length > 0 ? '/' : ''}`
  const request = { method, protocol: 'http:', hostname: 'localhost', port: 8470, path, query, body }
  return { ...request, headers: { host: 'localhost:8470', ...headers } }
}

/** The same request as it arrives: the query encoded as SDK clients encode it. */
function arrived(
  signed: { method: string; path: string; headers: object; query?: object },
  body: string,
): SignedRequest {
  const pairs = Object.entries(signed.query ?? {}).flatMap(([name, value]) => [value].flat().map((one) => [name, one]))
  const query = pairs.map((pair) => pair.map(encodeURIComponent).join('=')).join('&')
  const headers = signed.headers as Record<string, string>
  return { method: signed.method, path: signed.path, query, headers, body: Buffer.from(body) }
}

function oracle({ sessionToken }: Sketch, service = 'ssm'): SignatureV4 {
  const token = sessionToken === undefined ? {} : { sessionToken }
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: SECRET, ...token }
  return new SignatureV4({ service, region: 'eu-west-3', credentials, sha256: Sha256, applyChecksum: false })
}

test('X-04 every request that the SDKs’ signer signs in its headers is accepted', async () => {
  await fc.assert(
    fc.asyncProperty(sketches, async (sketch) => {
      const signed = await oracle(sketch).sign(described(sketch), { signingDate: NOW })
      const request = arrived(signed, sketch.body)
      const claim = readClaim(request)!
      assert.equal(claim.sessionToken, sketch.sessionToken)
      checkTime(claim, NOW)
      checkService(claim, 'ssm')
      checkSignature(request, claim, SECRET)
    }),
    { numRuns: 500 },
  )
})

test('X-04 every request that the SDKs’ signer presigns is accepted, until its life is over', async () => {
  await fc.assert(
    fc.asyncProperty(sketches, fc.integer({ min: 1, max: 604_800 }), async (sketch, expiresIn) => {
      const presigned = await oracle(sketch).presign(described(sketch), { signingDate: NOW, expiresIn })
      const request = arrived(presigned, sketch.body)
      const claim = readClaim(request)!
      assert.equal(claim.sessionToken, sketch.sessionToken)
      checkTime(claim, after(expiresIn))
      checkSignature(request, claim, SECRET)
      assert.throws(() => checkTime(claim, after(expiresIn + 1)), refusal('InvalidSignatureException'))
    }),
    { numRuns: 300 },
  )
})

test('X-04 a request that was changed after it was signed is refused, whatever was changed', async () => {
  const change = fc.constantFrom<(request: SignedRequest) => Partial<SignedRequest>>(
    ({ body }) => ({ body: Buffer.concat([body, Buffer.from('x')]) }),
    ({ path }) => ({ path: `${path}x` }),
    ({ query }) => ({ query: `${query}&x=1` }),
    ({ method }) => ({ method: method === 'PUT' ? 'POST' : 'PUT' }),
    ({ headers }) => ({ headers: { ...headers, host: 'localhost:8471' } }),
  )
  await fc.assert(
    fc.asyncProperty(sketches, change, async (sketch, changed) => {
      const request = arrived(await oracle(sketch).sign(described(sketch), { signingDate: NOW }), sketch.body)
      const altered = { ...request, ...changed(request) }
      assert.throws(() => checkSignature(altered, readClaim(altered)!, SECRET), refusal('InvalidSignatureException'))
    }),
    { numRuns: 200 },
  )
})

test('X-04 our signer signs as the SDKs’ does', async () => {
  // A URL resolves dots by itself, and not as a signature does.
  const plain = sketches.map((sketch) => ({
    ...sketch,
    segments: sketch.segments.filter((one) => !/^\.{0,2}$/.test(one)),
  }))
  await fc.assert(
    fc.asyncProperty(plain, async (sketch) => {
      const request = described(sketch)
      const theirs = await oracle(sketch).sign(request, { signingDate: NOW })
      const { query, headers } = arrived(request, sketch.body)
      const url = new URL(`http://localhost:8470${request.path}?${query}`)
      const ours = signRequest(
        signable({ method: sketch.method, url, headers: headers as Record<string, string>, body: sketch.body }),
        { ...KEY, sessionToken: sketch.sessionToken },
      )
      assert.equal(ours.authorization, theirs.headers.authorization)
    }),
    { numRuns: 300 },
  )
})

// ---------------------------------------------------------------------------------------------------------------------
// The same request, sent in another way

test('X-04 it does not matter how the query is encoded: plus signs, lower case, order, empty and repeated names', () => {
  const url = 'http://localhost/?a=1+2&a=1%202&b=&c=%C3%A4&d=x%2By&e=~&a=0'
  const signed = signRequest(signable({ method: 'GET', url: new URL(url) }), KEY)
  for (const query of [
    'a=1%202&a=1%202&b=&c=%C3%A4&d=x%2By&e=~&a=0',
    'e=%7E&d=x%2by&c=%c3%a4&b&a=0&a=1+2&a=1+2',
    '&a=0&&a=1%202&a=1+2&%62=&c=%c3%a4&d=x%2By&e=~&',
  ]) {
    const request = { method: 'GET', path: '/', query, headers: signed, body: Buffer.alloc(0) }
    checkSignature(request, readClaim(request)!, SECRET)
  }
})

test('X-04 white space in and around header values does not count, and repeated headers are one list', () => {
  const headers = { 'x-words': 'one two', 'x-list': 'a,b c' }
  const signed = signRequest(signable({ headers }), KEY)
  const sent = { ...signed, 'x-words': ' one \t  two  ', 'x-list': [' a', 'b  c '] }
  const request = { method: 'POST', path: '/', query: '', headers: sent, body: Buffer.alloc(0) }
  checkSignature(request, readClaim(request)!, SECRET)
})

test('X-04 a port that is the scheme’s own may be sent and not be signed', () => {
  for (const [sent, good] of [
    ['steward.test:443', true],
    ['steward.test:80', true],
    ['steward.test', true],
    ['steward.test:8443', false],
  ] as const) {
    const signed = signRequest(signable({ url: new URL('http://steward.test/') }), KEY)
    const request = { method: 'POST', path: '/', query: '', headers: { ...signed, host: sent }, body: Buffer.alloc(0) }
    const check = () => checkSignature(request, readClaim(request)!, SECRET)
    if (good) check()
    else assert.throws(check, { code: 'InvalidSignatureException' })
  }
})

test('X-04 the Date header stands in for X-Amz-Date, in either form', () => {
  for (const date of ['20261121T025047Z', 'Sat, 21 Nov 2026 02:50:47 GMT']) {
    const headers = { host: 'localhost', date, authorization: authorization() }
    const claim = readClaim({ method: 'GET', path: '/', query: '', headers })!
    assert.equal(claim.timestamp, '20261121T025047Z')
  }
  const both = {
    host: 'localhost',
    date: '20261121T000000Z',
    'x-amz-date': '20261121T025047Z',
    authorization: authorization(),
  }
  assert.equal(readClaim({ method: 'GET', path: '/', query: '', headers: both })!.timestamp, '20261121T025047Z')
})

// ---------------------------------------------------------------------------------------------------------------------
// Refusals, in AWS's words

test('X-04 clocks that differ by more than five minutes are named, both', () => {
  const claim = claimOf({})
  checkTime(claim, after(300))
  checkTime(claim, after(-300))
  assert.throws(
    () => checkTime(claim, after(301)),
    refusal(
      'InvalidSignatureException',
      'Signature expired: 20261121T025047Z is now earlier than 20261121T025048Z (20261121T025548Z - 5 min.)',
    ),
  )
  assert.throws(
    () => checkTime(claim, after(-301)),
    refusal(
      'InvalidSignatureException',
      'Signature not yet current: 20261121T025047Z is still later than 20261121T025046Z (20261121T024546Z + 5 min.)',
    ),
  )
})

test('X-04 the day of the scope is the day of the date', () => {
  const claim = claimOf({ Credential: 'AKID/20261120/us-east-1/ssm/aws4_request' })
  assert.throws(
    () => checkTime(claim, NOW),
    refusal(
      'InvalidSignatureException',
      "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20261120' != '20261121', from '20261121T025047Z'.",
    ),
  )
})

test('X-04 a signature for another service, or without the host, is refused', () => {
  assert.throws(
    () => checkService(claimOf({}), 'ec2messages'),
    refusal('InvalidSignatureException', "Credential should be scoped to correct service: 'ec2messages'. "),
  )
  const headers = { 'x-amz-date': '20261121T025047Z' }
  const request = { method: 'POST', path: '/', query: '', headers, body: Buffer.alloc(0) }
  assert.throws(
    () => checkSignature(request, claimOf({ SignedHeaders: 'x-amz-date' }), SECRET),
    refusal('InvalidSignatureException', "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."),
  )
})

for (const [what, parts, message] of [
  [
    'nothing but an algorithm',
    { Credential: undefined, Signature: undefined, SignedHeaders: undefined, date: undefined },
    "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. " +
      "Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a " +
      "'X-Amz-Date' or a 'Date' header. Authorization=AWS4-HMAC-SHA256 ",
  ],
  [
    'a scope of four parts',
    { Credential: 'AKID/20261121/us-east-1/ssm' },
    'Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got ' +
      "'AKID/20261121/us-east-1/ssm'",
  ],
  [
    'a date in another form',
    { date: '2026-11-21T02:50:47Z' },
    "Date must be in ISO-8601 'basic format'. Got '2026-11-21T02:50:47Z'. See http://en.wikipedia.org/wiki/ISO_8601",
  ],
  [
    'a date that does not exist',
    { date: '20261321T996199Z' },
    "Date must be in ISO-8601 'basic format'. Got '20261321T996199Z'. See http://en.wikipedia.org/wiki/ISO_8601",
  ],
] as const) {
  test(`X-04 ${what} is an incomplete signature`, () => {
    assert.throws(() => claimOf(parts), refusal('IncompleteSignatureException', message))
  })
}

test('X-04 a scope that ends in another word, or in a Region that cannot be one, is refused', () => {
  assert.throws(
    () => claimOf({ Credential: 'AKID/20261121/us-east-1/ssm/aws3' }),
    refusal(
      'InvalidSignatureException',
      "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws3'.",
    ),
  )
  assert.throws(
    () => claimOf({ Credential: 'AKID/20261121/a b/ssm/aws4_request' }),
    refusal('InvalidSignatureException', "Credential should be scoped to a valid region, not 'a b'. "),
  )
})

test('X-04 what a presigned query lacks is named, and its life must be a number of seconds up to a week', () => {
  const query = (more: Record<string, string>) => ({
    method: 'GET',
    path: '/',
    query: new URLSearchParams({ 'X-Amz-Algorithm': 'AWS4-HMAC-SHA256', ...more }).toString(),
    headers: {},
  })
  assert.throws(
    () => readClaim(query({ 'X-Amz-Credential': 'x', 'X-Amz-Date': 'x' })),
    refusal(
      'IncompleteSignatureException',
      "AWS query-string parameters must include 'X-Amz-Signature'. AWS query-string parameters must include " +
        "'X-Amz-SignedHeaders'. Re-examine the query-string parameters.",
    ),
  )
  const whole = {
    'X-Amz-Credential': 'AKID/20261121/us-east-1/ssm/aws4_request',
    'X-Amz-Date': '20261121T025047Z',
    'X-Amz-SignedHeaders': 'host',
    'X-Amz-Signature': 'f'.repeat(64),
  }
  assert.equal(readClaim(query(whole))!.lifeSeconds, 300)
  for (const [expires, message] of [
    ['soon', 'X-Amz-Expires should be a number'],
    ['-1', 'X-Amz-Expires must be non-negative'],
    ['604801', 'X-Amz-Expires must be less than a week (in seconds) that is 604800'],
  ] as const) {
    assert.throws(
      () => readClaim(query({ ...whole, 'X-Amz-Expires': expires })),
      refusal('IncompleteSignatureException', message),
    )
  }
})

test('X-04 a signature in the header and another in the query are one too many', () => {
  const headers = { authorization: authorization(), 'x-amz-date': '20261121T025047Z' }
  assert.throws(
    () => readClaim({ method: 'GET', path: '/', query: 'X-Amz-Algorithm=AWS4-HMAC-SHA256', headers }),
    refusal(
      'InvalidSignatureException',
      "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
    ),
  )
})

test('X-04 other ways to authorise, and mere mentions of a signature, are no signature', () => {
  for (const authorization of [undefined, '', 'Bearer abc', 'Basic YTpi', 'aws4-hmac-sha256 x']) {
    const headers = authorization === undefined ? {} : { authorization }
    assert.equal(readClaim({ method: 'GET', path: '/', query: 'note=X-Amz-Algorithm=', headers }), undefined)
  }
  assert.throws(
    () => readClaim({ method: 'GET', path: '/', query: '', headers: { authorization: 'AWS4-ECDSA-P256-SHA256 a=b' } }),
    refusal('IncompleteSignatureException', "Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256'."),
  )
})

test('X-04 whatever a request holds, reading and checking its signature throws nothing but ApiError', () => {
  const odd = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('__proto__', 'constructor', 'toString', 'host', 'x-amz-date', '%zz', '%', '+', '=', ',', ';', '/'),
  )
  const part = fc.tuple(fc.constantFrom('Credential', 'SignedHeaders', 'Signature', 'Other', ''), odd)
  const header = fc.oneof(
    odd,
    odd.map((rest) => `AWS4-HMAC-SHA256 ${rest}`),
    fc.array(part).map((parts) => `AWS4-HMAC-SHA256 ${parts.map((pair) => pair.join('=')).join(',')}`),
    fc.array(odd).map((names) => authorization({ SignedHeaders: `host;${names.join(';')}` })),
  )
  const request = fc.record({
    method: odd,
    path: odd,
    query: fc.oneof(
      odd,
      fc.array(odd).map((pairs) => `X-Amz-Algorithm=AWS4-HMAC-SHA256&${pairs.join('&')}`),
    ),
    headers: fc.record({ authorization: header, 'x-amz-date': fc.oneof(odd, fc.constant('20261121T025047Z')) }),
    body: fc.uint8Array({ maxLength: 8 }),
  })
  fc.assert(
    fc.property(request, (request) => {
      try {
        const claim = readClaim(request)
        if (!claim) return
        checkTime(claim, NOW)
        checkSignature(request, claim, SECRET)
        assert.fail('a random signature was accepted')
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
      }
    }),
    { numRuns: 3000 },
  )
})

test('X-04 what was captured from Amazon’s agent is the text that its key signed (agent-protocol, 17.1)', () => {
  const body = Buffer.from('{"Fingerprint":"467a29a4-b18a-43e4-9b72-b1c55139e7ff"}')
  const headers = {
    host: '127.0.0.1:18443',
    'content-type': 'application/x-amz-json-1.1',
    'transfer-encoding': 'chunked',
    'x-amz-target': 'AmazonSSM.RequestManagedInstanceRoleToken',
    'x-amz-date': '20261121T025047Z',
    'x-amz-content-sha256': '28a019d5fd8a376531100f79e4937f0e6728444b6d40930bec9e9890891941fd',
    authorization:
      'AWS4-HMAC-SHA256 Credential=mi-6444a764262facef2/20261121/us-east-1/ssm/aws4_request, ' +
      'SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=zKGauEKPyq/MWEo+hhPE=',
  }
  const request = { method: 'POST', path: '/', query: '', headers, body }
  const claim = readClaim(request)!
  assert.equal(claim.signature, 'zKGauEKPyq/MWEo+hhPE=')
  assert.equal(
    signedTexts(request, claim).join(),
    'AWS4-HMAC-SHA256\n20261121T025047Z\n20261121/us-east-1/ssm/aws4_request\n' +
      '79437e0fcd818ec315da7d8d897ef3e8cf884d1958f254d8ad7b4cbe9479b970',
  )
})

// ---------------------------------------------------------------------------------------------------------------------

const SCOPE = { service: 'ssm', region: 'eu-west-3' }
const KEY = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: SECRET }

function signable(more: Partial<Parameters<typeof signRequest>[0]>): Parameters<typeof signRequest>[0] {
  return { method: 'POST', url: new URL('http://localhost/'), headers: {}, body: '', ...SCOPE, date: NOW, ...more }
}

type Parts = Partial<Record<'Credential' | 'SignedHeaders' | 'Signature' | 'date', string | undefined>>

const GOOD = {
  Credential: 'AKID/20261121/us-east-1/ssm/aws4_request',
  SignedHeaders: 'host;x-amz-date',
  Signature: 'f'.repeat(64),
}

function authorization(parts: Parts = {}): string {
  const { date: _date, ...named } = { ...GOOD, ...parts }
  const present = Object.entries(named).filter(([, value]) => value !== undefined)
  return `AWS4-HMAC-SHA256 ${present.map((pair) => pair.join('=')).join(', ')}`
}

function claimOf(parts: Parts): Claim {
  const date = 'date' in parts ? parts.date : '20261121T025047Z'
  const headers = { host: 'localhost', 'x-amz-date': date, authorization: authorization(parts) }
  return readClaim({ method: 'POST', path: '/', query: '', headers })!
}

function after(seconds: number): Date {
  return new Date(NOW.getTime() + seconds * 1000)
}

function refusal(code: string, message?: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof ApiError, String(error))
    assert.equal(error.code, code)
    if (message !== undefined) assert.equal(error.message, message)
    return true
  }
}

function checkTime(claim: Claim, now: Date): void {
  const refused = timeRefusal(claim, now)
  if (refused) throw refused
}
