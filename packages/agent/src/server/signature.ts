/*
 * AWS Signature Version 4, and the variant by which a registered machine proves itself before it has credentials: the
 * same string to sign, but signed with the machine's RSA key (PSS, SHA-256, salt of 32 bytes), base64, and the node id
 * in place of an access key.
 */
import { constants, createHash, createHmac, sign } from 'node:crypto'

export type Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken: string }

export type SignableRequest = {
  method: string
  url: URL
  /** Lower-case names; all of them are signed. */
  headers: { [name: string]: string }
  body: string | Uint8Array
  service: string
  region: string
  date: Date
}

/** The headers to send: those of the request, and the signature's. */
export function signRequest(request: SignableRequest, credentials: Credentials): { [name: string]: string } {
  const { service, region, date } = request
  const headers = {
    ...request.headers,
    host: request.url.host,
    'x-amz-date': amzDate(date),
    ...(credentials.sessionToken ? { 'x-amz-security-token': credentials.sessionToken } : {}),
    ...(service === 's3' ? { 'x-amz-content-sha256': sha256(request.body) } : {}),
  }
  const signed = { ...request, headers }
  const day = amzDate(date).slice(0, 8)
  const keyParts = [day, region, service, 'aws4_request']
  const key = keyParts.reduce<string | Buffer>(
    (secret, part) => hmac(secret, part),
    `AWS4${credentials.secretAccessKey}`,
  )
  const signature = createHmac('sha256', key).update(stringToSign(signed)).digest('hex')
  return { ...headers, authorization: authorization(signed, credentials.accessKeyId, signature) }
}

/** The headers of a request that a node signs with its own key; `privateKey` is PEM. */
export function signAsNode(request: SignableRequest, nodeId: string, privateKey: string): { [name: string]: string } {
  const headers = { ...request.headers, host: request.url.host, 'x-amz-date': amzDate(request.date) }
  const signed = { ...request, headers }
  const key = { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
  const signature = sign('sha256', Buffer.from(stringToSign(signed)), key).toString('base64')
  // Sent, but not signed: Amazon's agent adds it after it has made the list of headers.
  const digest = { 'x-amz-content-sha256': sha256(request.body) }
  return { ...headers, ...digest, authorization: authorization(signed, nodeId, signature) }
}

function stringToSign(request: SignableRequest): string {
  const canonical = canonicalRequest(request)
  return ['AWS4-HMAC-SHA256', amzDate(request.date), scope(request), sha256(canonical)].join('\n')
}

function canonicalRequest({ method, url, headers, body, service }: SignableRequest): string {
  const query = [...url.searchParams]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&')
  const path = service === 's3' ? url.pathname : url.pathname.split('/').map(encode).join('/')
  const lines = signedNames(headers).map((name) => `${name}:${headers[name]!.trim().replace(/ +/g, ' ')}`)
  return [method, path, query, ...lines, '', signedNames(headers).join(';'), sha256(body)].join('\n')
}

function authorization(request: SignableRequest, keyId: string, signature: string): string {
  const names = signedNames(request.headers).join(';')
  return `AWS4-HMAC-SHA256 Credential=${keyId}/${scope(request)}, SignedHeaders=${names}, Signature=${signature}`
}

function scope({ date, region, service }: SignableRequest): string {
  return `${amzDate(date).slice(0, 8)}/${region}/${service}/aws4_request`
}

function signedNames(headers: { [name: string]: string }): string[] {
  return Object.keys(headers).sort()
}

function amzDate(date: Date): string {
  return date.toISOString().replace(/[-:]|\.\d+/g, '')
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
