import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { silentLogger } from '#kernel/logger.ts'
import { consoleRoutes } from './console-routes.ts'
import { type Listener, listen } from './listener.ts'

const PAGE = '<!doctype html><title>Steward</title>'
const SCRIPT = 'console.log(1)'
const NEW = '0123456789abcdef'
const OLD = 'fedcba9876543210'

let folder: string
let listener: Listener
let url: string

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'steward-console-'))
  const address = { host: '127.0.0.1', port: 0 }
  const routes = [consoleRoutes(folder), () => ({ status: 418, headers: {}, body: 'the API' })]
  listener = await listen({ address, tls: undefined, routes, upgrade: () => {}, log: silentLogger })
  url = `http://127.0.0.1:${listener.address.port}`
})

after(async () => {
  await listener.stop()
  rmSync(folder, { recursive: true })
})

test('without a build the console says what to run', async () => {
  const answer = await fetch(`${url}/console/`)
  assert.equal(answer.status, 503)
  assert.match(await answer.text(), /node packages\/console\/build\.mjs/)
})

test('every address of the console is its page, which is asked for each time', async () => {
  build(NEW, 'app-1.js')
  symlinkSync(NEW, join(folder, 'current'))
  for (const path of ['/console', '/console/', '/console/nodes/mi-1?tab=tags', '/console/documents/a.b.c']) {
    const answer = await fetch(`${url}${path}`)
    assert.equal(await answer.text(), PAGE)
    assert.equal(answer.headers.get('cache-control'), 'no-cache')
    const again = await fetch(`${url}${path}`, { headers: { 'if-none-match': answer.headers.get('etag')! } })
    assert.equal(again.status, 304)
  }
  const head = await fetch(`${url}/console/`, { method: 'HEAD' })
  assert.deepEqual([head.status, head.headers.get('content-type')], [200, 'text/html; charset=utf-8'])
})

test('nothing is loaded from elsewhere, framed, or run that stands in the page', async () => {
  const { headers } = await fetch(`${url}/console/`)
  const policy = headers.get('content-security-policy')!
  const { host } = new URL(url)
  assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self';/)
  assert.ok(policy.includes(`connect-src 'self' ws://${host} wss://${host};`))
  assert.match(policy, /frame-ancestors 'none'; base-uri 'none'; form-action 'none'$/)
  assert.equal(headers.get('x-content-type-options'), 'nosniff')
  assert.equal(headers.get('referrer-policy'), 'no-referrer')
})

test('assets are kept for ever, compressed as the browser likes, also those of the build before', async () => {
  build(OLD, 'app-0.js')
  for (const name of ['app-1.js', 'app-0.js']) {
    const answer = await raw(`/console/assets/${name}`, { 'accept-encoding': 'gzip, br' })
    assert.equal(answer.headers['content-encoding'], 'br')
    assert.equal(answer.headers['cache-control'], 'public, max-age=31536000, immutable')
    assert.deepEqual(answer.body, brotliCompressSync(SCRIPT))
  }
  const gzip = await raw('/console/assets/app-1.js', { 'accept-encoding': 'gzip, br;q=0' })
  assert.deepEqual([gzip.headers['content-encoding'], gzip.body], ['gzip', gzipSync(SCRIPT)])
  const plain = await raw('/console/assets/app-1.js', {})
  assert.deepEqual([plain.headers['content-encoding'], plain.body.toString()], [undefined, SCRIPT])
})

test('nothing but the files of a build is served', async () => {
  writeFileSync(join(folder, 'secret.js'), 'secret')
  const paths = ['/console/assets/none.js', '/console/assets/../../secret.js', '/console/assets/..%2f..%2fsecret.js']
  for (const path of paths) assert.equal((await raw(path, {})).status, 404, path)
})

test('a browser at the root is led to the console, everybody else to the API', async () => {
  const browser = await raw('/', { accept: 'text/html,application/xhtml+xml' })
  assert.deepEqual([browser.status, browser.headers.location], [302, '/console/'])
  assert.equal((await raw('/', { accept: '*/*' })).status, 418)
  assert.equal((await fetch(`${url}/console/`, { method: 'POST' })).status, 418)
})

function build(name: string, script: string): void {
  mkdirSync(join(folder, name, 'assets'), { recursive: true })
  writeFileSync(join(folder, name, 'index.html'), PAGE)
  writeFileSync(join(folder, name, 'assets', script), SCRIPT)
  writeFileSync(join(folder, name, 'assets', `${script}.br`), brotliCompressSync(SCRIPT))
  writeFileSync(join(folder, name, 'assets', `${script}.gz`), gzipSync(SCRIPT))
}

/** As sent: nothing is decoded, and the path is not made tidy. */
function raw(path: string, headers: Record<string, string>) {
  const { promise, resolve, reject } = Promise.withResolvers<{
    status: number
    headers: Record<string, string | string[] | undefined>
    body: Buffer
  }>()
  request({ host: '127.0.0.1', port: listener.address.port, path, headers }, (response) => {
    const chunks: Buffer[] = []
    response
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks) }),
      )
  })
    .on('error', reject)
    .end()
  return promise
}
