import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { connect, type SecureVersion } from 'node:tls'
import { startServer, type TestServer } from '@steward/testkit'
import { DataDirectory } from '#kernel/data-directory.ts'
import { tlsMaterial } from './certificate.ts'

const NOW = new Date()

function temporary() {
  const path = mkdtempSync(join(tmpdir(), 'steward-tls-'))
  return { data: new DataDirectory(path), [Symbol.dispose]: () => rmSync(path, { recursive: true }) }
}

test('the certificate is for the names of this machine and those that were configured', async () => {
  using folder = temporary()
  const { cert } = await tlsMaterial(folder.data, ['steward.example', '10.20.30.40', '*.nodes.example', 'fd00::1'], NOW)
  const certificate = new X509Certificate(cert)
  for (const name of ['localhost', hostname(), 'steward.example', 'a.nodes.example']) {
    assert.ok(certificate.checkHost(name), name)
  }
  for (const address of ['127.0.0.1', '::1', '10.20.30.40', 'fd00::1']) assert.ok(certificate.checkIP(address), address)
  assert.equal(certificate.checkHost('elsewhere.example'), undefined)
  assert.ok(certificate.validFromDate < NOW && certificate.validToDate > NOW)
})

test('the authority and the listener’s key are kept over restarts, and the authority signs what it should', async () => {
  using folder = temporary()
  const first = await tlsMaterial(folder.data, [], NOW)
  const second = await tlsMaterial(folder.data, ['later.example'], NOW)
  assert.equal(second.caPem, first.caPem)
  assert.equal(second.key, first.key)
  assert.equal(second.publicKeyPin, first.publicKeyPin)
  const authority = new X509Certificate(first.caPem)
  for (const { cert } of [first, second]) {
    const leaf = new X509Certificate(cert)
    assert.ok(leaf.verify(authority.publicKey))
    assert.ok(leaf.checkIssued(authority))
  }
  assert.ok(authority.ca)
})

test('a key of the authority that is missing, damaged or another one is told, and none is made in its place', async () => {
  using folder = temporary()
  const { caPem } = await tlsMaterial(folder.data, [], NOW)
  const file = folder.data.file('ca-key.pem')
  const key = readFileSync(file, 'utf8')
  const refused = (message: RegExp) => assert.rejects(tlsMaterial(folder.data, [], NOW), { message })
  rmSync(file)
  await refused(
    /ca-key\.pem is missing\. Put it back from a backup\. If there is none, remove ca\.pem and ca-key\.pem:/,
  )
  assert.ok(!existsSync(file))
  writeFileSync(file, 'nothing')
  await refused(/ca-key\.pem is damaged\. /)
  writeFileSync(file, readFileSync(folder.data.file('tls-key.pem')))
  await refused(/ca-key\.pem is not the key of ca\.pem beside it\. /)
  writeFileSync(file, key)
  writeFileSync(folder.data.file('ca.pem'), 'nothing')
  await refused(/ca\.pem is damaged\. .* remove it: the next start makes another of the same key\./)
  rmSync(folder.data.file('ca.pem'))
  assert.equal(
    new X509Certificate((await tlsMaterial(folder.data, [], NOW)).cert).checkIssued(new X509Certificate(caPem)),
    true,
  )
})

test('strict verifiers are content: the authority and its certificates name their keys', async () => {
  using folder = temporary()
  const { cert, caPem } = await tlsMaterial(folder.data, [], NOW)
  // Python 3.13 refuses chains without these extensions.
  const text = (pem: string) => new X509Certificate(pem).raw.toString('hex')
  const [subjectKeyId, authorityKeyId] = ['0603551d0e', '0603551d23']
  assert.ok(text(caPem).includes(subjectKeyId))
  assert.ok(text(cert).includes(subjectKeyId) && text(cert).includes(authorityKeyId))
})

test('secret files can be read by their owner only', async () => {
  await using server = await startServer({ https: true, env: { STEWARD_TEST_MODE: '' } })
  const entries = readdirSync(server.data, { withFileTypes: true })
  assert.ok(entries.length >= 6)
  for (const entry of entries) {
    const expected = entry.isDirectory() ? 0o700 : entry.name === 'ca.pem' ? 0o644 : 0o600
    assert.equal(statSync(join(server.data, entry.name)).mode & 0o777, expected, entry.name)
  }
})

function greet(server: TestServer, more: object): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(`${server.secureUrl}/healthz`, more, (response) => resolve(response.resume().statusCode!))
    sent.on('error', reject).end()
  })
}

test('who trusts the authority gets in, by name or address; who does not is not fooled', async () => {
  await using server = await startServer({ https: true })
  const ca = server.house.tls!.caPem
  assert.equal(await greet(server, { ca }), 200)
  assert.equal(await greet(server, { ca, hostname: 'localhost', family: 4 }), 200)
  await assert.rejects(greet(server, {}), /certificate/)
})

test('TLS 1.2 and 1.3 are spoken, nothing older', async () => {
  await using server = await startServer({ https: true })
  const version = (wanted: SecureVersion) =>
    new Promise<string | null>((resolve, reject) => {
      const { port } = new URL(server.secureUrl!)
      const limits = { minVersion: wanted, maxVersion: wanted, ciphers: 'ALL:@SECLEVEL=0' }
      const socket = connect({ host: '127.0.0.1', port: Number(port), ca: server.house.tls!.caPem, ...limits })
      socket.once('secureConnect', () => resolve(socket.getProtocol())).once('error', reject)
      socket.once('secureConnect', () => socket.destroy())
    })
  assert.equal(await version('TLSv1.2'), 'TLSv1.2')
  assert.equal(await version('TLSv1.3'), 'TLSv1.3')
  await assert.rejects(version('TLSv1.1'))
  await assert.rejects(version('TLSv1'))
})
