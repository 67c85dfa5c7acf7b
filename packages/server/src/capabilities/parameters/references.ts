/**
 * `{{ssm:name}}` and `{{ssm:name:version}}` in what is sent to nodes (DOC-09): replaced by values on the way, so that documents need
 * not hold them. A SecureString is refused there, because what is sent is also kept and shown.
 */
import type { Reader } from '#db/database.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { Access, Call } from '#kernel/declare.ts'
import type { Scope } from '#kernel/scope.ts'
import { lookUp } from './look-up.ts'
import { namedArn, parseReference } from './name.ts'
import { namesSecret } from './secret-reference.ts'
import { mustBeShared } from './sharing.ts'

const REFERENCE = /\{\{\s*ssm:([^\s{}]+)\s*\}\}/g

/** What may hold references: anything that can be written as JSON. */
export type Referring =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Referring[]
  | { readonly [name: string]: Referring }

/** What is behind `ssm:` in the references of a text, each once. */
export function referencesIn(text: string): string[] {
  return text.includes('{{') ? [...new Set([...text.matchAll(REFERENCE)].map(([, name]) => name!))] : []
}

/** What a caller must be allowed to do so that these references are resolved for it. */
export function referenceAccess(call: Call, references: readonly string[]): Access[] {
  if (references.length === 0) return []
  return [{ action: 'ssm:GetParameters', resources: references.map((name) => namedArn(call.scope, name)) }]
}

/** Their values by what is behind `ssm:`. Throws `InvalidParameters` for what is not there or is a SecureString. */
export async function resolveReferences(
  call: Call,
  references: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const values = new Map<string, string>()
  for (const reference of references) values.set(reference, await resolve(call, reference))
  return values
}

/** A text that is another one when one of the values is. It reveals nothing of them. */
export async function referredVersions(reader: Reader, scope: Scope, references: readonly string[]): Promise<string> {
  const versions: string[] = []
  for (const reference of references) versions.push(`${reference} ${await versionOf(reader, scope, reference)}`)
  return versions.join('\n')
}

async function versionOf(reader: Reader, scope: Scope, reference: string): Promise<string> {
  try {
    const { row } = await lookUp({ db: reader, origin: '' }, parseReference(scope, reference))
    return String(row.version)
  } catch (error) {
    if (error instanceof ApiError) return 'missing'
    throw error
  }
}

async function resolve(call: Call, reference: string): Promise<string> {
  try {
    if (!namesSecret(reference)) {
      const ref = parseReference(call.scope, reference)
      await mustBeShared(call, ref, 'ssm:GetParameters')
      const { row } = await lookUp(call, ref)
      if (row.type !== 'SecureString') return row.value
    }
  } catch (error) {
    if (error instanceof ApiError) throw notResolved(reference, 'was not found')
    throw error
  }
  throw notResolved(reference, 'is a SecureString, which cannot be used here')
}

/** The sentence is ours. */
function notResolved(reference: string, why: string): ApiError {
  return new ApiError('InvalidParameters', `The Systems Manager parameter ssm:${reference} ${why}.`)
}

/** The same with values in the place of references. What holds none is left as it is, and not copied. */
export function withValues<T extends Referring>(tree: T, values: ReadonlyMap<string, string>): T {
  if (values.size === 0) return tree
  const filled = (one: Referring): Referring => {
    if (typeof one === 'string') return one.replace(REFERENCE, (whole, name: string) => values.get(name) ?? whole)
    if (Array.isArray(one)) return one.map(filled)
    if (typeof one !== 'object' || one === null) return one
    return Object.fromEntries(Object.entries(one).map(([name, value]) => [name, filled(value)]))
  }
  return filled(tree) as T
}
