/**
 * A thread that answers reads (`door/reading/reading-threads.ts`): the same door, capabilities and decisions as in the first thread, on a
 * database that it can only look at.
 */
import { Readable } from 'node:stream'
import { parentPort, workerData } from 'node:worker_threads'
import type { SharedDatabase } from '#db/database.ts'
import { openShared } from '#db/shared-database.ts'
import { Api, type Outcome } from '#door/api.ts'
import type { AuthenticatorParts } from '#door/authenticate.ts'
import { Authenticator } from '#door/authenticate.ts'
import type { HttpResponse } from '#door/http-message.ts'
import { KeyUses } from '#door/key-uses.ts'
import { NodeRefusals } from '#door/node-refusals.ts'
import { PageTokens } from '#door/page-token.ts'
import {
  type Answer,
  type AnswerHead,
  type FromThread,
  type Note,
  type Question,
  SIGN_OF_LIFE,
  type ToThread,
} from '#door/reading/messages.ts'
import { Throttle } from '#door/throttle.ts'
import { Authorizer } from '#iam/authorizer.ts'
import { SealedCredentials } from '#iam/sealed-credentials.ts'
import { systemClock } from '#kernel/clock.ts'
import { type Config, featuresOf } from '#kernel/config.ts'
import { DataDirectory } from '#kernel/data-directory.ts'
import { randomIds } from '#kernel/ids.ts'
import { createLogger } from '#kernel/logger.ts'
import { Keyring, type MasterKey } from '#kernel/vault.ts'
import { openSecretStore } from '#secrets/open-secret-store.ts'
import { declaredBy, loadCapabilities, loadOperations } from './capabilities.ts'

/** What a thread is given at its start. */
export interface ReadingStart {
  readonly config: Config
  readonly logLevel: string
  readonly database: SharedDatabase
  readonly root: AuthenticatorParts['root']
  /** The one that seals comes last. */
  readonly masterKeys: readonly MasterKey[]
  readonly checkAnswers: boolean
}

/** Answers that are sent together; what is finished earlier need not wait for all the rest. */
const TOGETHER = 8

const port = parentPort!
const { config, logLevel, database: shared, root, masterKeys, checkAnswers } = workerData as ReadingStart

let notes: Note[] = []
let answers: Answer[] = []
/** Of the answers, in their order. */
let bodies: (string | Uint8Array)[] = []
/** Of the bodies together, in bytes. */
let length = 0
let sending: NodeJS.Immediate | undefined

function send(): void {
  clearImmediate(sending)
  sending = undefined
  const message: FromThread = { notes, answers, bodies: bytesOf(bodies, length) }
  port.postMessage(message, [message.bodies.buffer as ArrayBuffer])
  notes = []
  answers = []
  bodies = []
  length = 0
}

function bytesOf(bodies: readonly (string | Uint8Array)[], length: number): Uint8Array {
  const bytes = Buffer.allocUnsafeSlow(length)
  let at = 0
  for (const body of bodies) {
    if (typeof body === 'string') at += bytes.write(body, at)
    else {
      bytes.set(body, at)
      at += body.length
    }
  }
  return bytes
}

function note(one: Note): void {
  notes.push(one)
  if (notes.length >= TOGETHER) send()
  else sending ??= setImmediate(send)
}

const data = new DataDirectory(config.data)
const log = createLogger(logLevel)
const database = openShared(shared)
const capabilities = await loadCapabilities()
const vault = new Keyring(masterKeys.at(-1)!, masterKeys)
const sealed = new SealedCredentials(data.key('credentials.key'))
const written = declaredBy(capabilities, 'writtenRecord')!
const onlyReads = (): never => {
  throw new Error('This thread only reads.')
}
const NO_PROOF = { seal: onlyReads, witness: onlyReads }
const api = new Api({
  operations: (await Promise.all(capabilities.map(loadOperations))).flat().filter(({ kind }) => kind === 'read'),
  changeKinds: onlyReads,
  database: { read: (work) => database.read(work), write: onlyReads },
  authenticator: new Authenticator({
    root,
    sealed,
    nodes: declaredBy(capabilities, 'nodeDirectory')!,
    principals: declaredBy(capabilities, 'principals')?.({ vault }),
    signIns: declaredBy(capabilities, 'signIns'),
    database,
    keyUses: new KeyUses((use) => note({ kind: 'key-use', use })),
    refusals: new NodeRefusals((refusal) => note({ kind: 'refusal', refusal })),
    otherClock: undefined,
    log,
  }),
  authorizer: new Authorizer(capabilities.flatMap(({ resources }) => resources ?? [])),
  pageTokens: new PageTokens(data.key('page-tokens.key')),
  sealed,
  clock: systemClock,
  ids: randomIds,
  log,
  vault,
  features: featuresOf(config),
  audit: { add: onlyReads, added: onlyReads, push: onlyReads, write: onlyReads, flush: onlyReads, proof: NO_PROOF },
  // The first thread has taken the tokens.
  throttle: new Throttle({}, () => performance.now()),
  account: config.account,
  defaultRegion: config.region,
  associations: declaredBy(capabilities, 'associationDirectory')!,
  secrets: config.secretStore && openSecretStore(config.secretStore, config.account, systemClock),
  inventory: declaredBy(capabilities, 'inventoryDirectory')!,
  dataSyncs: declaredBy(capabilities, 'dataSyncDirectory')!,
  live: { isConnected: onlyReads, takesSessions: onlyReads, asked: onlyReads },
  wake: onlyReads,
  wakeNodes: onlyReads,
  forgetNode: onlyReads,
  renamePrincipal: onlyReads,
  dropNode: onlyReads,
  // Given to writes only.
  contentFolder: '',
  sessions: { end: onlyReads },
  publicUrl: config.publicUrl,
  checkAnswers,
  observe: onlyReads,
})

const neverGone = new AbortController().signal

async function answer({ id, body, ...request }: Question): Promise<void> {
  const outcome: Outcome = {}
  const asked = { ...request, body: Buffer.from(body, 'latin1'), signal: neverGone }
  const response = await api.handle(asked, outcome)
  const { proven = false, record, first = false, code = '', seconds = 0 } = outcome
  answers.push({ id, proven, record: record && written(record), first, code, seconds, response: headOf(response) })
  if (answers.length >= TOGETHER) send()
  else sending ??= setImmediate(send)
}

/** With a stream no read answers; if one ever does, it is not for this thread. */
function headOf({ status, headers, body }: HttpResponse): AnswerHead | undefined {
  if (body instanceof Readable) return undefined
  const head = { status, headers, length: Buffer.byteLength(body) }
  bodies.push(body)
  length += head.length
  return head
}

port.on('message', (questions: ToThread) => {
  if (questions === SIGN_OF_LIFE) send()
  for (const question of JSON.parse(questions) as Question[]) void answer(question)
})
port.postMessage({ ready: true } satisfies FromThread)
