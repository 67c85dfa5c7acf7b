import assert from 'node:assert/strict'
import { hostname } from 'node:os'
import { test } from 'node:test'
import { originOf, publicUrl } from './public-url.ts'

test('links in messages lead to where others reach the server', () => {
  const config = { publicUrl: undefined, hostnames: [] }
  const http = { host: '127.0.0.1', port: 8470 }
  const https = { host: '127.0.0.1', port: 8471 }
  const everywhere = { host: '0.0.0.0', port: 8471 }
  assert.equal(publicUrl({ ...config, publicUrl: 'https://a.example' }, { http, https }), 'https://a.example')
  assert.equal(publicUrl(config, { http, https }), 'http://127.0.0.1:8470')
  assert.equal(publicUrl(config, { http, https: undefined }), 'http://127.0.0.1:8470')
  assert.equal(publicUrl(config, { http, https: everywhere }), `https://${hostname()}:8471`)
  assert.equal(
    publicUrl({ ...config, hostnames: ['a.example'] }, { http, https: everywhere }),
    'https://a.example:8471',
  )
  assert.equal(publicUrl(config, { http, https: { host: 'fd00::1', port: 1 } }), 'https://[fd00::1]:1')
})

test('a caller is told of the server at the address that it used itself', () => {
  const origin = (host: string, secure: boolean, configured?: string) =>
    originOf({ headers: { host }, secure }, configured)
  assert.equal(origin('127.0.0.1:8470', false), 'http://127.0.0.1:8470')
  assert.equal(origin('steward.example:8471', true), 'https://steward.example:8471')
  assert.equal(origin('steward.example', false, 'https://steward.example'), 'https://steward.example', 'behind a proxy')
  assert.equal(origin('127.0.0.1:8470', false, 'https://steward.example'), 'http://127.0.0.1:8470')
})
