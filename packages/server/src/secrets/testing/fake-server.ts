import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Asked {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

export interface Said {
  readonly status: number
  readonly body?: unknown
  /** Ends the connection instead. */
  readonly hangsUp?: boolean
}

/** A server on a port of its own that answers as it is told, and keeps what it was asked. Undefined: it never answers. */
export async function fakeServer(answer: (asked: Asked) => Said | undefined) {
  const asked: Asked[] = []
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece as Buffer)
    const one = {
      method: request.method!,
      path: request.url!,
      headers: request.headers,
      body: Buffer.concat(pieces).toString(),
    }
    asked.push(one)
    const said = answer(one)
    if (!said) return
    if (said.hangsUp) return void request.socket.resetAndDestroy()
    response.writeHead(said.status, { 'content-type': 'application/json' })
    response.end(typeof said.body === 'string' ? said.body : JSON.stringify(said.body ?? {}))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close,
    [Symbol.dispose]: close,
  }
}
