/** Files that say what parameters shall be: `.env`, or JSON as `params export` writes it. */
import { readFile } from 'node:fs/promises'
import type { ssm } from '@steward/model'
import type { Wire } from '#api.ts'
import { Fault, UsageFault } from '#fault.ts'
import type { Io } from '#io.ts'
import { parseEnvFile } from './env-file.ts'
import { DEFAULT_KEY, type Parameter, type ParameterType, textOf } from './parameters.ts'

export type FileFormat = 'env' | 'json'

/** What a parameter has besides its name, type and value. */
export type Attributes = Pick<
  Wire<ssm.PutParameterRequest>,
  'KeyId' | 'Description' | 'Tier' | 'AllowedPattern' | 'DataType'
>

export interface Wanted {
  readonly name: string
  readonly value: string
  /** Undefined: as it is, or a String. */
  readonly type: ParameterType | undefined
  /** What is not said stays as it is. */
  readonly more: Attributes
}

/** What a file says; `-` is standard input. Rejects with Fault and UsageFault. */
export async function wantedIn(
  io: Io,
  file: string,
  { path, format = file.endsWith('.json') ? 'json' : 'env' }: { path: string; format: FileFormat | undefined },
): Promise<Wanted[]> {
  const text = file === '-' ? await textOf(io.stdin) : await read(file)
  return (format === 'json' ? fromJson : fromEnvFile)(text, path)
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new Fault(`${file} cannot be read: ${(cause as Error).message}`, { exitCode: 1, cause })
  }
}

export function fromEnvFile(text: string, path: string): Wanted[] {
  const under = path === '/' ? '/' : `${path}/`
  return parseEnvFile(text).map(({ name, value }) => ({ name: under + name, value, type: undefined, more: {} }))
}

/** How a file calls them. */
const ATTRIBUTES: Readonly<Record<string, keyof Attributes>> = {
  keyId: 'KeyId',
  description: 'Description',
  tier: 'Tier',
  allowedPattern: 'AllowedPattern',
  dataType: 'DataType',
}
const MEMBERS = ['type', 'value', ...Object.keys(ATTRIBUTES)]
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  type: ['String', 'StringList', 'SecureString'],
  tier: ['Standard', 'Advanced', 'Intelligent-Tiering'],
  dataType: ['text', 'aws:ec2:image', 'aws:ssm:integration'],
}

/** `{"name": "value"}` or `{"name": {"type": …, "value": …, "keyId": …}}`. A member that would be lost is refused. */
export function fromJson(text: string, path: string): Wanted[] {
  const wrong = (what: string) => new UsageFault(`${what} is not {"name": "value"} or {"name": {"type", "value"}}.`)
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw wrong('The file')
  }
  if (!isObject(parsed)) throw wrong('The file')
  return Object.entries(parsed).map(([key, entry]) => {
    const name = key.startsWith('/') ? key : path === '/' ? key : `${path}/${key}`
    if (typeof entry === 'string') return { name, value: entry, type: undefined, more: {} }
    if (!isObject(entry) || typeof entry.value !== 'string') throw wrong(key)
    const { type, value, ...attributes } = textsOf(key, entry)
    const more = Object.entries(attributes).map(([member, said]) => [ATTRIBUTES[member], said])
    return {
      name,
      value: value!,
      type: type as ParameterType | undefined,
      more: Object.fromEntries(more) as Attributes,
    }
  })
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An entry, all of which is understood. */
function textsOf(key: string, entry: Record<string, unknown>): Record<string, string> {
  for (const [member, said] of Object.entries(entry)) {
    if (!MEMBERS.includes(member)) {
      throw new UsageFault(`${key} has '${member}', which is not known. An entry may have ${MEMBERS.join(', ')}.`)
    }
    if (typeof said !== 'string') throw new UsageFault(`The ${member} of ${key} is not a string.`)
    const choices = CHOICES[member]
    if (choices && !choices.includes(said)) {
      throw new UsageFault(`The ${member} of ${key} is '${said}', which is none of ${choices.join(', ')}.`)
    }
  }
  return entry as Record<string, string>
}

/** What a parameter has that it does not have by itself. */
const BY_ITSELF: Attributes = {
  KeyId: DEFAULT_KEY,
  Description: '',
  Tier: 'Standard',
  AllowedPattern: '',
  DataType: 'text',
}

/** As {@link fromJson} reads it, with what is known of each parameter by its name. */
export function toJson(parameters: readonly Parameter[], known: ReadonlyMap<string, Attributes>): string {
  const entries = parameters.map(({ Name = '', Type, Value, DataType }) => {
    const attributes: Attributes = { DataType, ...known.get(Name) }
    const more = Object.entries(ATTRIBUTES)
      .filter(([, name]) => attributes[name] !== undefined && attributes[name] !== BY_ITSELF[name])
      .map(([member, name]) => [member, attributes[name]])
    return [Name, { type: Type, value: Value, ...Object.fromEntries(more) }]
  })
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`
}
