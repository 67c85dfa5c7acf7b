import assert from 'node:assert/strict'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { test } from 'node:test'
import { startAgent } from '#agent.ts'
import { ConfigurationError } from '#configuration.ts'
import { register } from '#server/registration.ts'
import { ServerClock } from '#server/server-clock.ts'
import { ServiceError } from '#server/ssm-client.ts'
import { stateDirectory } from '#state-directory.ts'
import { silentLog, TestNode } from '#testing/test-node.ts'

const activation = { region: 'us-east-1', activationId: 'id', activationCode: 'code' }

test('HYB registering again keeps the first registration, unless it is forced', async () => {
  await using node = await TestNode.registered()
  const state = stateDirectory(node.state)
  const before = await readFile(state.configuration, 'utf8')
  const kept = await register(state, { ...activation, url: node.server.url })
  assert.deepEqual(kept, { nodeId: node.server.nodeId, registered: false })
  assert.equal(await readFile(state.configuration, 'utf8'), before)
  const forced = await register(state, { ...activation, url: node.server.url, force: true })
  assert.equal(forced.registered, true)
  assert.notEqual(await readFile(state.configuration, 'utf8'), before)
})

test('the registered key has the form the protocol wants', async () => {
  await using node = await TestNode.registered()
  assert.equal(node.server.publicKey.length, 392)
})

test('the registration, with the private key, is for the agent’s user only', async () => {
  await using node = await TestNode.registered()
  const { mode } = await stat(stateDirectory(node.state).configuration)
  assert.equal(mode & 0o777, 0o600)
})

test('a refused registration leaves nothing behind', async () => {
  await using node = await TestNode.registered()
  const state = stateDirectory(`${node.state}/other`)
  // The stub knows no such path.
  await assert.rejects(register(state, { ...activation, url: `${node.server.url}:99999` }))
  await assert.rejects(stat(state.configuration), { code: 'ENOENT' })
})

test('HYB-14 a machine that is refused is the same one at its next attempt, and tells its name', async () => {
  await using node = await TestNode.registered()
  const state = stateDirectory(`${node.state}/other`)
  const asked = () =>
    node.server.calls.filter(({ operation }) => operation === 'RegisterManagedInstance').map(({ input }) => input)
  const before = asked().length
  const { nodeId } = node.server
  // Without an id the answer is no good, as that of a refusal.
  Object.assign(node.server, { nodeId: undefined })
  await assert.rejects(register(state, { ...activation, url: node.server.url }))
  Object.assign(node.server, { nodeId })
  await register(state, { ...activation, url: node.server.url })
  await register(state, { ...activation, url: node.server.url, force: true })
  const [first, second, third] = asked().slice(before)
  assert.equal(first?.Fingerprint, second?.Fingerprint)
  assert.notEqual(second?.Fingerprint, third?.Fingerprint)
  assert.equal(first?.ComputerName, hostname())
})

test('an agent on a machine that is not registered says what to do', async () => {
  await using node = await TestNode.registered()
  await assert.rejects(startAgent({ stateDirectory: `${node.state}/none`, log: silentLog }), ConfigurationError)
  await writeFile(stateDirectory(node.state).configuration, '{')
  await assert.rejects(
    startAgent({ stateDirectory: node.state, log: silentLog }),
    /Register this machine again with --force/,
  )
})

test('a copied disk has another fingerprint on another machine', async () => {
  await using node = await TestNode.registered()
  const path = stateDirectory(node.state).configuration
  const configuration = JSON.parse(await readFile(path, 'utf8'))
  await writeFile(path, JSON.stringify({ ...configuration, machineId: 'another machine' }))
  await node.start()
  const asked = node.server.calls.find(({ operation }) => operation === 'RequestManagedInstanceRoleToken')
  assert.notEqual(asked?.input.Fingerprint, configuration.fingerprint)
})

test('HYB-07 the key is replaced when the server asks, and the new one signs from then on', async () => {
  await using node = await TestNode.registered()
  node.server.updateKeyPair = true
  const before = node.server.publicKey
  await node.start()
  assert.notEqual(node.server.publicKey, before)
  node.server.updateKeyPair = false
  await node.stop()
  await node.start()
  assert.equal(node.server.connected, true)
})

test('a new key that the server knows already is taken up after a crash', async () => {
  await using node = await TestNode.registered()
  const path = stateDirectory(node.state).configuration
  const { privateKey, ...rest } = JSON.parse(await readFile(path, 'utf8'))
  const { newKeys } = await import('#server/registration.ts')
  await writeFile(
    path,
    JSON.stringify({ ...rest, privateKey: (await newKeys()).privateKey, nextPrivateKey: privateKey }),
  )
  await node.start()
  await node.stop()
  const kept = JSON.parse(await readFile(path, 'utf8'))
  assert.deepEqual([kept.privateKey, kept.nextPrivateKey], [privateKey, undefined])
})

test('a token is renewed at about half of its life', async () => {
  await using node = await TestNode.registered()
  node.server.tokenSeconds = 2
  await node.start()
  const asked = () =>
    node.server.calls.filter(({ operation }) => operation === 'RequestManagedInstanceRoleToken').length
  const before = asked()
  await node.server.until('another token', () => asked() > before)
})

test('a channel that is refused is asked for again with new credentials', async () => {
  await using node = await TestNode.registered()
  node.server.refuseChannels = true
  const connecting = node.start()
  const asked = () =>
    node.server.calls.filter(({ operation }) => operation === 'RequestManagedInstanceRoleToken').length
  await node.server.until('a second token', () => asked() >= 2)
  node.server.refuseChannels = false
  await connecting
})

test('an error of the server has its code', async () => {
  const { requestRoleToken } = await import('#server/ssm-client.ts')
  await using node = await TestNode.registered()
  const { newKeys } = await import('#server/registration.ts')
  const stranger = { nodeId: 'mi-x', privateKey: (await newKeys()).privateKey, fingerprint: 'f' }
  const endpoint = { url: node.server.url, region: 'us-east-1', ca: undefined, clock: new ServerClock() }
  await assert.rejects(
    requestRoleToken(endpoint, stranger),
    (error: unknown) => error instanceof ServiceError && error.code === 'AccessDeniedException' && error.status === 400,
  )
})

test('AGT-03 the whole way works over TLS with a private authority', async () => {
  await using node = await TestNode.registered(true)
  await node.start()
  assert.equal((await node.server.final(node.server.sendScript('echo hello'))).documentStatus, 'Success')
})

test('AGT-20 a connection that fell silent is given up and opened again', async () => {
  await using node = await TestNode.registered()
  await node.start({ limits: { serverPingMs: 50 } })
  node.server.fallSilent()
  await node.server.untilConnected()
  assert.match(node.lines.join('\n'), /the server is silent/)
})

test('AGT-18 a machine whose clock is wrong signs by the server’s', async () => {
  await using node = await TestNode.registered()
  await node.start({ now: () => Date.now() - 3_600_000 })
  assert.equal((await node.server.final(node.server.sendScript('true'))).documentStatus, 'Success')
})
