/**
 * What requests are measured beside: `node:http`, the check of the signature, and answers from a Map. It knows the answers from a
 * file of JSON lines, `{"body": <request>, "answer": <response>}`, recorded from Steward, so both send the same bytes.
 */
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readClaim } from '@steward/server/iam/claim.ts'
import { checkSignature, timeRefusal } from '@steward/server/iam/sigv4.ts'
import { rootKey } from '../steward.ts'

const answers = new Map<string, Buffer>()
for (const line of readFileSync(process.argv[2]!, 'utf8').split('\n').filter(Boolean)) {
  const { body, answer } = JSON.parse(line) as { body: string; answer: string }
  answers.set(body, Buffer.from(answer))
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => answer(request, chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks), response))
})

function answer(incoming: IncomingMessage, body: Buffer, response: ServerResponse): void {
  const request = { method: incoming.method!, path: '/', query: '', headers: incoming.headers, body }
  try {
    const claim = readClaim(request)!
    const late = timeRefusal(claim, new Date())
    if (late) throw late
    checkSignature(request, claim, rootKey.secretAccessKey)
  } catch (error) {
    response.writeHead(403).end(String(error))
    return
  }
  const found = answers.get(body.toString())
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'content-length': found?.length ?? 0 }
  response.writeHead(found ? 200 : 404, headers).end(found)
}

server.listen(0, '127.0.0.1', () => process.send!(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
process.on('disconnect', () => process.exit())
