import { readFile } from 'node:fs/promises'
import { Fault, UsageFault } from '#fault.ts'
import type { Io } from '#io.ts'
import { parseEnvFile } from '#params/env-file.ts'
import { apiOf, type ParameterType, parametersNamed, pathOf, textOf } from '#params/parameters.ts'

export interface ImportOptions {
  readonly path?: string
  readonly format?: 'env' | 'json'
  readonly secure?: boolean
  readonly dryRun?: boolean
}

export interface Wanted {
  readonly name: string
  readonly value: string
  /** Undefined: as it is, or a String. */
  readonly type: ParameterType | undefined
}

/** Writes what a file says that is not so already, and says what it did. `-` is standard input. */
export async function paramsImport(io: Io, file: string, options: ImportOptions): Promise<void> {
  const wanted = await wantedIn(io, file, { path: pathOf(options.path), format: options.format })
  const api = apiOf(io)
  const present = await parametersNamed(
    api,
    wanted.map(({ name }) => name),
  )
  const counts = { created: 0, updated: 0, unchanged: 0 }
  for (const { name, value, type } of wanted) {
    const current = present.get(name)
    const Type = (options.secure ? 'SecureString' : type) ?? (current?.Type || 'String')
    const what = !current ? 'created' : current.Value === value && current.Type === Type ? 'unchanged' : 'updated'
    counts[what]++
    if (what === 'unchanged') continue
    if (!options.dryRun) await api.ssm('PutParameter', { Name: name, Value: value, Type, Overwrite: true })
    io.stdout.write(`${what.padEnd(8)} ${name} (${Type})\n`)
  }
  const summary = Object.entries(counts).map(([what, count]) => `${count} ${what}`)
  io.stdout.write(`${summary.join(', ')}${options.dryRun ? '; nothing was written' : ''}.\n`)
}

/** What a file says; `-` is standard input. Rejects with Fault and UsageFault. */
export async function wantedIn(
  io: Io,
  file: string,
  { path, format = file.endsWith('.json') ? 'json' : 'env' }: { path: string; format: 'env' | 'json' | undefined },
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
  return parseEnvFile(text).map(({ name, value }) => ({ name: under + name, value, type: undefined }))
}

const TYPES = ['String', 'StringList', 'SecureString']

/** `{"name": "value"}` or `{"name": {"type": …, "value": …}}`, as `params export` writes it. */
export function fromJson(text: string, path: string): Wanted[] {
  const wrong = (what: string) => new UsageFault(`${what} is not {"name": "value"} or {"name": {"type", "value"}}.`)
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw wrong('The file')
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw wrong('The file')
  return Object.entries(parsed as Record<string, unknown>).map(([key, entry]) => {
    const name = key.startsWith('/') ? key : path === '/' ? key : `${path}/${key}`
    if (typeof entry === 'string') return { name, value: entry, type: undefined }
    const { type, value } = (entry ?? {}) as { type?: unknown; value?: unknown }
    if (typeof value !== 'string' || (type !== undefined && !TYPES.includes(String(type)))) throw wrong(key)
    return { name, value, type: type as ParameterType | undefined }
  })
}
