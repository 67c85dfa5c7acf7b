import { type Agent, request } from 'node:http'
import type { SignableRequest } from '@steward/protocol/signature.ts'

/** Where calls go to. */
export interface CallPlace {
  readonly url: string
  readonly region: string
  readonly http: Agent
}

/** Calls an operation of `ssm` with next to no effort of this process; rejects with what the server answered. */
export function signedCall<Answer>(
  { url: base, region, http: agent }: CallPlace,
  operation: string,
  input: object,
  sign: (signable: SignableRequest) => Readonly<Record<string, string>>,
): Promise<Answer> {
  const url = new URL('/', base)
  const body = JSON.stringify(input)
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AmazonSSM.${operation}` }
  const signed = sign({ method: 'POST', url, headers, body, service: 'ssm', region, date: new Date() })
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers: { ...signed, 'content-length': body.length }, agent })
    sent.on('response', (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (text += chunk))
      response.on('end', () => {
        if (response.statusCode === 200) resolve(JSON.parse(text))
        else reject(new Error(`${operation}: ${response.statusCode}: ${text}`))
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
