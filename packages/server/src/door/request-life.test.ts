import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Operations } from '@steward/model/generated/ssm.ts'
import { asTx, type Database } from '#db/database.ts'
import { Authorizer } from '#iam/authorizer.ts'
import type { SealedCredentials } from '#iam/sealed-credentials.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { AuditRecord } from '#kernel/audit-record.ts'
import { MovableClock } from '#kernel/clock.ts'
import {
  type AssociationDirectory,
  type AuditTrail,
  type DataSyncDirectory,
  type InventoryDirectory,
  type Operation,
  service,
  type Task,
  task,
} from '#kernel/declare.ts'
import { randomIds } from '#kernel/ids.ts'
import { type Logger, silentLogger } from '#kernel/logger.ts'
import type { Principal } from '#kernel/principal.ts'
import { Keyring, masterKey } from '#kernel/vault.ts'
import { Api, type ApiParts } from './api.ts'
import type { Authenticator } from './authenticate.ts'
import type { HttpRequest, HttpResponse } from './http-message.ts'
import { PageTokens } from './page-token.ts'
import { Throttle } from './throttle.ts'

const ssm = service<Operations>('ssm')
const access = () => ({ action: 'ssm:Something', resources: ['*'] })
const root: Principal = { kind: 'root', account: '1', arn: 'arn:root', accessKeyId: 'K' }
const node: Principal = { kind: 'node', account: '1', region: 'r', arn: 'arn:node', nodeId: 'mi-1', role: 'R' }

/** An API of these operations, with everything around it made for the test. */
function apiOf(
  operations: Operation[],
  more: Partial<ApiParts> & { principal?: Principal; records?: AuditRecord[] } = {},
) {
  const happened: string[] = []
  const transaction = async <T>(kind: string, work: (db: never) => Promise<T>) => {
    const result = await work(asTx(undefined as never) as never)
    happened.push(kind)
    return result
  }
  const database = {
    read: (work: never) => transaction('read', work),
    write: (work: never) => transaction('commit', work),
  } as unknown as Database
  const identify = async () => ({ principal: more.principal ?? root, policies: undefined, region: 'r' })
  const api = new Api({
    operations,
    changeKinds: () => [],
    database,
    authenticator: { identify } as unknown as Authenticator,
    authorizer: new Authorizer([]),
    pageTokens: new PageTokens(Buffer.alloc(32)),
    sealed: undefined as unknown as SealedCredentials,
    clock: new MovableClock(),
    ids: randomIds,
    log: silentLogger,
    vault: new Keyring(masterKey(Buffer.alloc(32))),
    features: { mail: false, testMode: true, singleSignOn: [], remoteBuckets: false },
    audit: trailOf(more.records ?? []),
    throttle: new Throttle({}, () => 0),
    account: '1',
    defaultRegion: 'r',
    associations: undefined as unknown as AssociationDirectory,
    secrets: undefined,
    inventory: undefined as unknown as InventoryDirectory,
    dataSyncs: undefined as unknown as DataSyncDirectory,
    live: { isConnected: () => false, takesSessions: () => false, asked: async () => {} },
    contentFolder: '',
    wake: ({ name }: Task) => happened.push(`wake ${name}`),
    wakeNodes: (_scope, ids) => happened.push(`wake nodes ${[...ids]}`),
    forgetNode: async (_tx, _scope, id) => void happened.push(`forget ${id}`),
    renamePrincipal: async () => {},
    dropNode: (id) => happened.push(`drop ${id}`),
    sessions: { end: (id) => happened.push(`end ${id}`) },
    publicUrl: undefined,
    checkAnswers: false,
    observe: (...seen) => happened.push(seen.slice(0, 3).join(' ').trim()),
    ...more,
  })
  const requestOf = (name: string, input: object): HttpRequest => ({
    method: 'POST',
    path: '/',
    query: '',
    headers: { 'x-amz-target': `AmazonSSM.${name}` },
    body: Buffer.from(JSON.stringify(input)),
    sourceIp: '::1',
    secure: false,
    signal: new AbortController().signal,
  })
  const parsed = ({ status, body }: HttpResponse) => ({ status, body: JSON.parse(body as string) })
  const call = async (name: string, input: object = {}) => parsed(await api.handle(requestOf(name, input)))
  const refuse = (name: string, error: unknown) => parsed(api.refuse(requestOf(name, {}), error))
  return { call, refuse, happened }
}

/** An audit trail that keeps its records in a list. */
function trailOf(records: AuditRecord[]): AuditTrail {
  return {
    add: async (_tx, record) => void records.push(record),
    added() {},
    push: (record) => void records.push(record),
    write: async (record) => void records.push(record),
    flush: async () => {},
    proof: { seal: (text) => text, witness: () => undefined },
  }
}

/** A logger that keeps what it is told. */
function keeping(): { log: Logger; lines: { level: string; fields: Record<string, unknown> }[] } {
  const lines: { level: string; fields: Record<string, unknown> }[] = []
  const at = (level: string) => (fields: Record<string, unknown>) => lines.push({ level, fields })
  return { log: { info: at('info'), error: at('error'), debug: () => {} } as unknown as Logger, lines }
}

test('what a write prepares is done before its transaction, and whether the caller may is decided before and within', async () => {
  const write = ssm.write('CancelCommand', {
    access: () => {
      happened.push('decided')
      return access()
    },
    async prepare(_input, call) {
      happened.push('preparing')
      await call.read(async () => {})
      return 'prepared'
    },
    async handle(_input, _call, prepared) {
      happened.push(prepared)
      return {}
    },
  })
  const { call, happened } = apiOf([write])
  assert.equal((await call('CancelCommand', { CommandId: randomIds.uuid() })).status, 200)
  assert.deepEqual(happened.slice(0, -1), ['decided', 'read', 'preparing', 'read', 'decided', 'prepared', 'commit'])
})

test('effects follow the commit, in order, and the answer follows them', async () => {
  const later = task({ name: 'later', everyMs: 1, run: async () => ({}) })
  const write = ssm.write('CancelCommand', {
    access,
    async handle(_input, call) {
      call.wake(later)
      call.wakeNodes(call.scope, ['mi-1', 'mi-2'])
      call.afterCommit(() => happened.push('effect'))
      call.dropNode('mi-3')
      happened.push('handled')
      return {}
    },
  })
  const { call, happened } = apiOf([write])
  assert.equal((await call('CancelCommand', { CommandId: randomIds.uuid() })).status, 200)
  assert.deepEqual(happened, [
    'handled',
    'commit',
    'wake later',
    'wake nodes mi-1,mi-2',
    'effect',
    'drop mi-3',
    'ssm CancelCommand',
  ])
})

test('a transaction that is repeated starts over with its effects', async () => {
  let runs = 0
  const write = ssm.write('CancelCommand', {
    access,
    async handle(_input, call) {
      call.afterCommit(() => effects.push(++runs))
      return {}
    },
  })
  const effects: number[] = []
  const database = {
    async write(work: (db: never) => Promise<object>) {
      await work(undefined as never)
      return work(undefined as never)
    },
  } as unknown as Database
  await apiOf([write], { database }).call('CancelCommand', { CommandId: randomIds.uuid() })
  assert.deepEqual(effects, [1])
})

test('what fails has no effects, and is counted under its error', async () => {
  const write = ssm.write('CancelCommand', {
    access,
    async handle(_input, call) {
      call.afterCommit(() => happened.push('effect'))
      throw new ApiError('InvalidCommandId')
    },
  })
  const { call, happened } = apiOf([write])
  const { status, body } = await call('CancelCommand', { CommandId: randomIds.uuid() })
  assert.deepEqual([status, body.__type], [400, 'InvalidCommandId'])
  assert.deepEqual(happened, ['ssm CancelCommand InvalidCommandId'])
})

test('X-05 a fault of ours is told by its request id only; the log has the rest', async () => {
  const { log, lines } = keeping()
  const read = ssm.read('ListCommands', {
    access,
    async handle() {
      throw new TypeError('the password is hunter2')
    },
  })
  const { status, body } = await apiOf([read], { log }).call('ListCommands')
  assert.equal(status, 500)
  assert.equal(body.__type, 'InternalServerError')
  const [, requestId] = /^The server could not answer\. Its log has the reason under request id (\S+)\.$/.exec(
    body.Message ?? body.message,
  )!
  assert.equal(lines[0]!.level, 'error')
  assert.equal(lines[0]!.fields.requestId, requestId)
  assert.match(String(lines[0]!.fields.err), /hunter2/)
})

test('X-05 the cause of a refusal is for the log, not for the caller', async () => {
  const { log, lines } = keeping()
  const read = ssm.read('ListCommands', {
    access,
    async handle() {
      throw new ApiError('InvalidFilterKey', 'Not that.', { cause: new Error('inner'), detail: { secret: 1 } })
    },
  })
  const { body } = await apiOf([read], { log }).call('ListCommands')
  assert.deepEqual(Object.values(body), ['InvalidFilterKey', 'Not that.'])
  assert.deepEqual(
    lines.map(({ level, fields }) => [level, fields.code, String(fields.err)]),
    [['info', 'InvalidFilterKey', 'Error: inner']],
  )
})

test('X-12 who may not does not get as far as a page token, and that not as far as the operation', async () => {
  let handled = 0
  const read = ssm.read('ListCommands', {
    access,
    async handle() {
      handled++
      return {}
    },
  })
  const forged = { NextToken: 'forged' }
  assert.equal(
    (await apiOf([read], { principal: node }).call('ListCommands', forged)).body.__type,
    'AccessDeniedException',
  )
  assert.equal((await apiOf([read]).call('ListCommands', forged)).body.__type, 'InvalidNextToken')
  assert.equal(handled, 0)
  assert.equal((await apiOf([read]).call('ListCommands', { NextToken: '' })).status, 200, 'an empty token is none')
})

test('in our own tests an answer or an error that the model does not know is a failure', async () => {
  const { log, lines } = keeping()
  const wrongAnswer = ssm.read('ListCommands', { access, handle: async () => ({ Commands: 'none' }) as never })
  const wrongError = ssm.read('ListDocuments', {
    access,
    async handle() {
      throw new ApiError('NoSuchError')
    },
  })
  const strict = apiOf([wrongAnswer, wrongError], { checkAnswers: true, log })
  assert.equal((await strict.call('ListCommands')).status, 500)
  assert.equal((await strict.call('ListDocuments')).status, 500)
  assert.match(String(lines[0]!.fields.err), /The answer of ListCommands is not what its model says/)
  assert.equal((await apiOf([wrongError]).call('ListDocuments')).body.__type, 'NoSuchError')
})

test('X-19 every call has one record: that of a write in its transaction, also if it is repeated; then those of the others', async () => {
  const records: AuditRecord[] = []
  const write = ssm.write('CancelCommand', {
    access,
    async handle(_input, call) {
      call.caused('AWS::SSM::Command', 'c')
      happened.push(`handled, ${records.length} records`)
      return {}
    },
  })
  const read = ssm.read('ListCommands', { access, handle: async () => ({}) })
  const { call, happened } = apiOf([write, read], { records })
  await call('CancelCommand', { CommandId: randomIds.uuid() })
  assert.deepEqual(happened, ['handled, 0 records', 'commit', 'ssm CancelCommand'])
  await call('ListCommands')
  await call('ListCommands', { MaxResults: 0 })
  await call('ListDocuments')
  assert.deepEqual(
    records.map(({ eventName, errorCode }) => `${eventName} ${errorCode ?? ''}`.trim()),
    ['CancelCommand', 'ListCommands', 'ListCommands ValidationException', 'ListDocuments NotImplemented'],
  )
  assert.deepEqual(records[0]?.additionalEventData, { caused: [{ type: 'AWS::SSM::Command', id: 'c' }] })
  assert.equal(JSON.stringify(records[2]?.requestParameters), '{"maxResults":0}')
})

test('X-19 what reveals a secret is answered once it is on record; if it cannot be, it is not answered', async () => {
  const order: string[] = []
  const read = ssm.read('GetParameter', {
    access,
    recordedFirst: (_input, { Parameter }) => Parameter?.Type === 'SecureString',
    handle: async ({ Name }) => ({ Parameter: { Name, Type: Name === 'plain' ? 'String' : 'SecureString' } }),
  })
  let write = async () => void order.push('written')
  const audit: AuditTrail = { ...trailOf([]), push: () => void order.push('pushed'), write: () => write() }
  const { call } = apiOf([read], { audit })
  await call('GetParameter', { Name: 'plain' })
  assert.deepEqual(order.splice(0), ['pushed'])
  assert.equal((await call('GetParameter', { Name: 'secret' })).status, 200)
  assert.deepEqual(order.splice(0), ['written'])
  write = () => Promise.reject(new ApiError('ServiceUnavailable', 'not now'))
  assert.equal((await call('GetParameter', { Name: 'secret' })).status, 503)
  assert.deepEqual(order, [], 'no second record: the trail keeps the one that it could not write')
})

test('X-19 a trail that takes no more lets nobody have an answer', async () => {
  const full = () => Promise.reject(new ApiError('ServiceUnavailable', 'The audit trail cannot be written.'))
  const read = ssm.read('ListCommands', { access, handle: async () => ({}) })
  const { call } = apiOf([read], { audit: { ...trailOf([]), push: full } })
  assert.deepEqual([(await call('ListCommands')).status, (await call('ListDocuments')).status], [503, 503])
})

test('X-19 a call that was made elsewhere and may not be told of is refused, and makes no record here', async () => {
  const records: AuditRecord[] = []
  const { refuse, happened } = apiOf([], { records })
  const { status, body } = refuse('ListCommands', new ApiError('ServiceUnavailable', 'not now'))
  assert.deepEqual([status, body.__type, body.message ?? body.Message], [503, 'ServiceUnavailable', 'not now'])
  assert.equal(refuse('ListCommands', new Error('a cause')).body.__type, 'InternalServerError')
  assert.deepEqual(records, [])
  assert.deepEqual(happened, ['ssm ListCommands ServiceUnavailable', 'ssm ListCommands InternalServerError'])
})

test('X-19 who proves nothing cannot fill the trail: beyond a rate, calls are counted', async () => {
  const records: AuditRecord[] = []
  const identify = () => Promise.reject(new ApiError('UnrecognizedClientException', 'Who?'))
  let now = 0
  const { call } = apiOf([], {
    records,
    authenticator: { identify } as unknown as Authenticator,
    throttle: new Throttle({}, () => now),
  })
  for (let index = 0; index < 1_010; index++) await call('ListCommands')
  assert.equal(records.length, 1_000)
  now += 1_000
  await call('ListCommands')
  assert.deepEqual(records.at(-1)?.additionalEventData, { unrecordedCallsOfUnprovenCallers: 10 })
})
