import type { steward } from '@steward/model'
import type { Wire } from '#api.ts'
import { UsageFault } from '#fault.ts'
import type { Io } from '#io.ts'
import { type FileFormat, type Wanted, wantedIn } from '#params/parameter-file.ts'
import { apiOf, describedUnder, parametersUnder, pathOf } from '#params/parameters.ts'

export interface PublishOptions {
  readonly path: string
  readonly format?: FileFormat
  readonly prune?: boolean
  readonly dryRun?: boolean
}

type PublicParameter = Wire<steward.PublicParameter>

const AT_ONCE = 100

/** Makes the public parameters under a path what a file says, and says what it did. */
export async function paramsPublish(io: Io, file: string, options: PublishOptions): Promise<void> {
  const path = pathOf(options.path)
  const wanted = await wantedIn(io, file, { path, format: options.format })
  const api = apiOf(io)
  const present = new Map((await parametersUnder(api, path)).map((one) => [one.Name ?? '', one]))
  const described = wanted.some(({ more }) => more.Description !== undefined) ? await describedUnder(api, path) : []
  const descriptions = new Map(described.map(({ Name = '', Description = '' }) => [Name, Description]))
  const changed = wanted.filter(({ name, value, type = 'String', more: { Description } }) => {
    const current = present.get(name)
    if (current?.Value !== value || current.Type !== type) return true
    return Description !== undefined && Description !== descriptions.get(name)
  })
  const names = new Set(wanted.map(({ name }) => name))
  const gone = options.prune ? [...present.keys()].filter((name) => !names.has(name)) : []
  const published = changed.map(toPublic)
  if (!options.dryRun) {
    for (const Parameters of batches(published)) await api.steward('ImportPublicParameters', { Parameters })
    for (const Names of batches(gone)) await api.steward('DeletePublicParameters', { Names })
  }
  for (const { name } of changed) io.stdout.write(`${present.has(name) ? 'updated' : 'created'} ${name}\n`)
  for (const name of gone) io.stdout.write(`deleted ${name}\n`)
  const unchanged = wanted.length - changed.length
  io.stdout.write(
    `${changed.length} written, ${gone.length} deleted, ${unchanged} unchanged${options.dryRun ? '; nothing was written' : ''}.\n`,
  )
}

function toPublic({ name, value, type, more: { Description, ...more } }: Wanted): PublicParameter {
  if (type === 'SecureString')
    throw new UsageFault(`${name} is a SecureString, but public parameters are for everybody.`)
  const [other] = Object.keys(more)
  if (other) throw new UsageFault(`${name} has a ${other}. Public parameters have a value, a type and a description.`)
  return { Name: name, Value: value, ...(type && { Type: type }), ...(Description !== undefined && { Description }) }
}

function batches<T>(items: readonly T[]): T[][] {
  const count = Math.ceil(items.length / AT_ONCE)
  return Array.from({ length: count }, (_, index) => items.slice(index * AT_ONCE, (index + 1) * AT_ONCE))
}
