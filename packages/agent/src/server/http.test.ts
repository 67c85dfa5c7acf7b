import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { httpRequest } from '#server/http.ts'

test('an answer without an end is given up', async () => {
  const server = createServer((_, response) => {
    const chunk = Buffer.alloc(2 ** 20)
    const more = () => {
      while (!response.destroyed && response.write(chunk));
    }
    response.on('drain', more)
    more()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  await assert.rejects(httpRequest({ method: 'GET', url, timeoutMs: 10_000 }), /answered with more than 16 MiB/)
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})
