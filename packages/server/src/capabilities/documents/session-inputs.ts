/** The `inputs` of Session documents: preferences of a session. Absent and empty ones have the values that AWS documents. */
import { invalidSessionInput } from './errors.ts'
import type { JsonValue } from './parameters.ts'
import { hasReference } from './references.ts'

export interface SessionInputs {
  readonly s3BucketName: string
  readonly s3KeyPrefix: string
  readonly s3EncryptionEnabled: boolean
  readonly cloudWatchLogGroupName: string
  readonly cloudWatchEncryptionEnabled: boolean
  readonly cloudWatchStreamingEnabled: boolean
  readonly kmsKeyId: string
  readonly runAsEnabled: boolean
  readonly runAsDefaultUser: string
  /** Minutes. */
  readonly idleSessionTimeout: string
  /** Minutes; empty: as long as it is used. */
  readonly maxSessionDuration: string
  readonly shellProfile: { readonly linux: string; readonly windows: string }
  readonly stewardSessionPolicy: SessionRules
}

/** What a document allows in its sessions (SM-22). AWS has nothing like it. */
export interface SessionRules {
  /** Nothing that is typed reaches the node. */
  readonly readOnly: boolean
  /** Regular expressions, one of which the whole of a command must match. Undefined: any command. */
  readonly allowedCommands?: readonly string[]
  /** Regular expressions that no line of output should match. */
  readonly forbiddenPatterns: readonly string[]
  readonly endOnMatch: boolean
  /** A second person must approve before the session begins. */
  readonly approvalRequired: boolean
  /** Minutes that a session waits for that person. */
  readonly approvalTimeout: string
}

export type RawInputs = Readonly<Record<string, JsonValue>>

const MAX_PROFILE = 512
const RULES = new Set([
  'readOnly',
  'allowedCommands',
  'forbiddenPatterns',
  'endOnMatch',
  'approvalRequired',
  'approvalTimeout',
])

/** Reads and checks; what holds a reference to a parameter is not known yet, so it counts as absent. */
export function sessionInputs(raw: RawInputs): SessionInputs {
  const profile = mapping(raw, 'shellProfile')
  const shellProfile = { linux: text(profile, 'linux'), windows: text(profile, 'windows') }
  for (const [platform, commands] of Object.entries(shellProfile)) {
    if (commands.length > MAX_PROFILE) {
      throw invalidSessionInput(`shellProfile.${platform}`, `at most ${MAX_PROFILE} characters`)
    }
  }
  return {
    s3BucketName: text(raw, 's3BucketName'),
    s3KeyPrefix: text(raw, 's3KeyPrefix'),
    s3EncryptionEnabled: flag(raw, 's3EncryptionEnabled', true),
    cloudWatchLogGroupName: text(raw, 'cloudWatchLogGroupName'),
    cloudWatchEncryptionEnabled: flag(raw, 'cloudWatchEncryptionEnabled', true),
    cloudWatchStreamingEnabled: flag(raw, 'cloudWatchStreamingEnabled', true),
    kmsKeyId: text(raw, 'kmsKeyId'),
    runAsEnabled: flag(raw, 'runAsEnabled', false),
    runAsDefaultUser: text(raw, 'runAsDefaultUser'),
    idleSessionTimeout: minutes(raw, 'idleSessionTimeout', 60) || '20',
    maxSessionDuration: minutes(raw, 'maxSessionDuration', 1440),
    shellProfile,
    stewardSessionPolicy: sessionRules(mapping(raw, 'stewardSessionPolicy')),
  }
}

function sessionRules(raw: RawInputs): SessionRules {
  const unknown = Object.keys(raw).find((name) => !RULES.has(name))
  if (unknown !== undefined)
    throw invalidSessionInput(`stewardSessionPolicy.${unknown}`, `one of ${[...RULES].join(', ')}`)
  const allowedCommands = patterns(raw, 'allowedCommands')
  return {
    readOnly: flag(raw, 'readOnly', false),
    ...(allowedCommands && { allowedCommands }),
    forbiddenPatterns: patterns(raw, 'forbiddenPatterns') ?? [],
    endOnMatch: flag(raw, 'endOnMatch', false),
    approvalRequired: flag(raw, 'approvalRequired', false),
    approvalTimeout: minutes(raw, 'approvalTimeout', 1440) || '15',
  }
}

/** Undefined if it is absent or not known yet. */
function known(raw: RawInputs, name: string): JsonValue | undefined {
  const value = raw[name]
  return value === null || (typeof value === 'string' && hasReference(value)) ? undefined : value
}

function text(raw: RawInputs, name: string): string {
  const value = known(raw, name) ?? ''
  if (typeof value !== 'string') throw invalidSessionInput(name, 'a text')
  return value
}

function flag(raw: RawInputs, name: string, otherwise: boolean): boolean {
  const value = known(raw, name) ?? ''
  if (typeof value === 'boolean') return value
  if (value === '') return otherwise
  if (typeof value !== 'string' || !/^(true|false)$/i.test(value)) throw invalidSessionInput(name, 'true or false')
  return value.toLowerCase() === 'true'
}

function minutes(raw: RawInputs, name: string, most: number): string {
  const value = String(known(raw, name) ?? '')
  if (value === '') return ''
  const isInRange = /^[1-9]\d{0,3}$/.test(value) && Number(value) <= most
  if (!isInRange) throw invalidSessionInput(name, `a number of minutes from 1 to ${most}`)
  return value
}

function mapping(raw: RawInputs, name: string): RawInputs {
  const value = known(raw, name) ?? {}
  if (typeof value !== 'object' || Array.isArray(value)) throw invalidSessionInput(name, 'a mapping')
  return value as RawInputs
}

function patterns(raw: RawInputs, name: string): string[] | undefined {
  const value = known(raw, name)
  if (value === undefined) return undefined
  const list = Array.isArray(value) ? value : [value]
  for (const pattern of list) {
    if (typeof pattern !== 'string' || !isPattern(pattern)) {
      throw invalidSessionInput(`stewardSessionPolicy.${name}`, 'a list of regular expressions')
    }
  }
  return list as string[]
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp
  } catch {
    return false
  }
}
