/*
 * What a session is to be, out of the document that came with it: parameters filled in, defaults applied, values of the
 * wrong kind refused with a sentence. Flags may be written as text, as documents do.
 */
import type { JsonObject } from '@steward/protocol'
import { type InteractiveShell, type SessionType, sessionTypes } from '@steward/protocol/session/index.ts'
import { objectOr } from '#document/document.ts'
import { fillIn, type ParameterValues } from '#document/parameter-references.ts'
import { fetchStored, fillInStored, type GetParameters, storeReferences } from '#document/parameter-store.ts'
import { SessionError } from '#sessions/session-error.ts'

export type SessionRequest = {
  sessionId: string
  sessionType: SessionType
  /** ARN of who started it. */
  owner: string
  /** Empty: not encrypted. */
  kmsKeyId: string
  runAsEnabled: boolean
  runAsUser: string
  runAsElevated: boolean
  /** Typed into the terminal when it opens. */
  shellProfile: string
  /** What InteractiveCommands and NonInteractiveCommands run. */
  command: string
  separateOutput: boolean
  outputPrefix: string
  errorPrefix: string
  /** Of Port sessions; the client is told the properties as they are. */
  properties: JsonObject
  logging: SessionLogging
}

/** Where what the session shows is kept; empty: nowhere. */
export type SessionLogging = {
  s3BucketName: string
  s3KeyPrefix: string
  s3EncryptionEnabled: boolean
  cloudWatchLogGroupName: string
  cloudWatchEncryptionEnabled: boolean
  cloudWatchStreamingEnabled: boolean
}

const parameterName = /^[a-zA-Z0-9]+$/
const prefixPattern = /^[0-9a-zA-Z\r\n_:-]{0,30}$/

/** Reads a request; `getParameters` answers for references to Parameter Store. Throws SessionError or DocumentError. */
export async function readSessionRequest(
  start: InteractiveShell,
  getParameters: GetParameters,
): Promise<SessionRequest> {
  const document = start.documentContent
  if (document.schemaVersion !== '1.0') throw new SessionError(`Schema ${document.schemaVersion} is not supported.`)
  const values = valuesOf(objectOr(document.parameters), start.parameters)
  const plain = fillIn({ inputs: document.inputs, properties: document.properties }, values)
  const references = storeReferences(plain)
  const stored = references.length > 0 ? await fetchStored(references, getParameters) : {}
  const { inputs, properties } = objectOr(fillInStored(plain, stored))
  return requestOf(start, objectOr(inputs), objectOr(properties))
}

function valuesOf(definitions: JsonObject, sent: JsonObject): ParameterValues {
  const defaults = Object.entries(definitions).map(
    ([name, definition]) => [name, objectOr(definition).default] as const,
  )
  const all = [...defaults, ...Object.entries(sent)].filter(
    ([name, value]) => parameterName.test(name) && value != null,
  )
  return Object.fromEntries(all)
}

function requestOf(start: InteractiveShell, inputs: JsonObject, properties: JsonObject): SessionRequest {
  const named = start.documentContent.sessionType
  const sessionType = sessionTypes.find((known) => known === named)
  if (!sessionType) throw new SessionError(`Session type ${named} is not supported.`)
  const command = objectOr(properties[process.platform === 'darwin' ? 'macos' : 'linux'])
  return {
    sessionId: start.sessionId,
    sessionType,
    owner: start.sessionOwner,
    kmsKeyId: text(inputs, 'kmsKeyId'),
    runAsEnabled: flag(inputs, 'runAsEnabled'),
    runAsUser: start.runAsUser || text(inputs, 'runAsDefaultUser'),
    runAsElevated: flag(command, 'runAsElevated'),
    shellProfile: text(objectOr(inputs.shellProfile), 'linux'),
    command: text(command, 'commands'),
    separateOutput: flag(command, 'separateOutputStream'),
    outputPrefix: prefix(command, 'stdOutSeparatorPrefix'),
    errorPrefix: prefix(command, 'stdErrSeparatorPrefix'),
    properties,
    logging: loggingOf(inputs),
  }
}

function loggingOf(inputs: JsonObject): SessionLogging {
  return {
    s3BucketName: text(inputs, 's3BucketName'),
    s3KeyPrefix: text(inputs, 's3KeyPrefix'),
    s3EncryptionEnabled: flag(inputs, 's3EncryptionEnabled', true),
    cloudWatchLogGroupName: text(inputs, 'cloudWatchLogGroupName'),
    cloudWatchEncryptionEnabled: flag(inputs, 'cloudWatchEncryptionEnabled', true),
    cloudWatchStreamingEnabled: flag(inputs, 'cloudWatchStreamingEnabled'),
  }
}

function text(from: JsonObject, name: string): string {
  const value = from[name] ?? ''
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  throw new SessionError(`${name} of the session document must be text.`)
}

function flag(from: JsonObject, name: string, otherwise = false): boolean {
  const value = from[name] ?? ''
  if (value === '') return otherwise
  const word = String(value).toLowerCase()
  if (word !== 'true' && word !== 'false')
    throw new SessionError(`${name} of the session document must be true or false.`)
  return word === 'true'
}

function prefix(from: JsonObject, name: string): string {
  const value = text(from, name)
  if (!prefixPattern.test(value)) throw new SessionError(`${name} of the session document is not a valid prefix.`)
  return value
}
