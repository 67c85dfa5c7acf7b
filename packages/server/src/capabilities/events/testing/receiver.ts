import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Received {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** An HTTP server that keeps what it gets; `answer` decides each status. */
export interface Receiver extends AsyncDisposable {
  readonly url: string
  readonly received: Received[]
  answer: (request: Received) => number | Promise<number>
}

/** Lets servers under test reach it. */
export const ALLOW_LOOPBACK = { STEWARD_WEBHOOK_ALLOW: '127.0.0.0/8' }

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const piece of request) body += piece
    const { method = '', url: path = '', headers } = request
    const got = { method, path, headers, body }
    received.push(got)
    response.statusCode = await receiver.answer(got)
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answer: () => 200,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return receiver
}
