/** A client of the API that costs next to nothing beside what is measured: one signature, one request on a kept connection. */
import { Agent, request } from 'node:http'
import type { Command, Operations } from '@steward/model/generated/ssm.ts'
import { signRequest } from '@steward/protocol/signature.ts'
import { region, rootKey } from './steward.ts'

type Input<Name extends keyof Operations> = Operations[Name]['input']
type Output<Name extends keyof Operations> = Operations[Name]['output']

const agent = new Agent({ keepAlive: true })

/** Headers of a signed call of an `ssm` operation. */
export function signedHeaders(url: string, operation: string, body: string): { [name: string]: string } {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AmazonSSM.${operation}` }
  const signable = { method: 'POST', url: new URL(url), headers, body, service: 'ssm', region, date: new Date() }
  return signRequest(signable, { ...rootKey, sessionToken: '' })
}

/** Calls an operation; rejects with the error's name and message. */
export function call<Name extends keyof Operations>(
  url: string,
  operation: Name,
  input: Input<Name>,
): Promise<Output<Name>> {
  const body = JSON.stringify(input)
  const headers = { ...signedHeaders(url, operation, body), 'content-length': Buffer.byteLength(body) }
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers, agent }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (text += chunk))
      response.on('end', () => {
        const answer = JSON.parse(text)
        if (response.statusCode === 200) resolve(answer)
        else reject(new Error(`${operation}: ${answer.__type}: ${answer.message ?? answer.Message}`))
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

/** Calls until the answer is as wanted. */
export async function callUntil<Name extends keyof Operations>(
  url: string,
  operation: Name,
  input: Input<Name>,
  wanted: (answer: Output<Name>) => boolean,
  { everyMs = 20, withinMs = 120_000 } = {},
): Promise<Output<Name>> {
  const until = performance.now() + withinMs
  for (;;) {
    const answer = await call(url, operation, input)
    if (wanted(answer)) return answer
    if (performance.now() > until) {
      throw new Error(`${operation} was not as wanted within ${withinMs / 1000} s: ${JSON.stringify(answer)}`)
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}

/** Resolves with a command once it has ended. */
export async function commandEnded(url: string, commandId: string, everyMs: number): Promise<Command> {
  const hasEnded = (status: string | undefined) => !['Pending', 'InProgress', 'Cancelling'].includes(status ?? '')
  const { Commands } = await callUntil(
    url,
    'ListCommands',
    { CommandId: commandId },
    (answer) => hasEnded(answer.Commands?.[0]?.Status),
    { everyMs },
  )
  return Commands![0]!
}
