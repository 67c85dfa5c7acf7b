import type { Api } from '#api.ts'
import { ApiFault, EXIT, Fault } from '#fault.ts'
import type { Io } from '#io.ts'
import { type FileFormat, type Wanted, wantedIn } from '#params/parameter-file.ts'
import {
  apiOf,
  type Described,
  defaultTier,
  describedNamed,
  type Parameter,
  type ParameterType,
  parametersNamed,
  pathOf,
} from '#params/parameters.ts'
import { badName, badTier, badValue, needsTier } from '#params/unwritable.ts'

export interface ImportOptions {
  readonly path?: string
  readonly format?: FileFormat
  readonly secure?: boolean
  readonly dryRun?: boolean
}

/** A parameter as the file wants it, and as it is now. */
interface Change {
  readonly wanted: Wanted
  readonly type: ParameterType
  readonly what: 'created' | 'updated' | 'unchanged'
}

/**
 * Writes what a file says that is not so already, and says what it did. What is known to be impossible is found before anything is
 * written. Resolves with 1 if the server refused some of it.
 */
export async function paramsImport(io: Io, file: string, options: ImportOptions): Promise<number> {
  const wanted = await wantedIn(io, file, { path: pathOf(options.path), format: options.format })
  requireWritable(wanted, ({ name, value }) => badName(name) ?? badValue(value))
  const api = apiOf(io)
  const changes = await changesTo(api, wanted, options)
  const counts = { created: 0, updated: 0, unchanged: 0, refused: 0 }
  for (const { wanted, type, what } of changes) {
    if (what !== 'unchanged' && !options.dryRun && !(await put(io, api, wanted, type))) {
      counts.refused++
      continue
    }
    counts[what]++
    if (what !== 'unchanged') io.stdout.write(`${what.padEnd(8)} ${wanted.name} (${type})\n`)
  }
  const { refused, ...done } = counts
  const summary = Object.entries(refused > 0 ? counts : done).map(([what, count]) => `${count} ${what}`)
  io.stdout.write(`${summary.join(', ')}${options.dryRun ? '; nothing was written' : ''}.\n`)
  return refused > 0 ? EXIT.failed : EXIT.ok
}

/** Throws a Fault that names all that cannot be, before any of it is written. */
function requireWritable(wanted: readonly Wanted[], whyNot: (wanted: Wanted) => string | undefined): void {
  const faults = wanted.flatMap((one) => {
    const why = whyNot(one)
    return why === undefined ? [] : [`  ${one.name}: ${why}`]
  })
  if (faults.length === 0) return
  throw new Fault(`Nothing was written, since this cannot be:\n${faults.join('\n')}`, { exitCode: EXIT.failed })
}

/** What is to be done. Rejects with a Fault if some of it is known to be refused. */
async function changesTo(api: Api, wanted: readonly Wanted[], { secure }: ImportOptions): Promise<Change[]> {
  const present = await parametersNamed(
    api,
    wanted.map(({ name }) => name),
  )
  const details = wanted.filter((one) => present.has(one.name) && (needsTier(one) || Object.keys(one.more).length > 0))
  const described = await describedNamed(
    api,
    details.map(({ name }) => name),
  )
  const typeOf = ({ name, type }: Wanted) => (secure ? 'SecureString' : type) ?? (present.get(name)?.Type || 'String')
  const standing = wanted.some((one) => needsTier(one) && !one.more.Tier) ? await defaultTier(api) : undefined
  requireWritable(wanted, (one) => {
    const { KeyId, Tier } = one.more
    if (KeyId && typeOf(one) !== 'SecureString') return `it has a keyId, but is a ${typeOf(one)}`
    const current = described.get(one.name)?.Tier
    return badTier(one, current === 'Advanced' ? current : (Tier ?? standing))
  })
  return wanted.map((one) => {
    const type = typeOf(one)
    const current = present.get(one.name)
    const what = !current ? 'created' : isSo(one, type, current, described.get(one.name)) ? 'unchanged' : 'updated'
    return { wanted: one, type, what }
  })
}

function isSo({ value, more }: Wanted, type: ParameterType, current: Parameter, described: Described = {}): boolean {
  if (current.Value !== value || current.Type !== type) return false
  return Object.entries(more).every(([name, said]) => {
    // It lets the server choose, and what it has chosen is right.
    if (said === 'Intelligent-Tiering') return true
    return (described[name as keyof typeof more] ?? '') === said
  })
}

/** Whether the server took it. A refusal is told with the name; the others may still be taken. */
async function put(io: Io, api: Api, { name, value, more }: Wanted, Type: ParameterType): Promise<boolean> {
  try {
    await api.ssm('PutParameter', { ...more, Name: name, Value: value, Type, Overwrite: true })
    return true
  } catch (error) {
    if (!(error instanceof ApiFault)) throw error
    io.stderr.write(`refused  ${name}: ${error.message}\n`)
    return false
  }
}
