import type { WithheldPart } from '@steward/model/generated/steward.ts'
import { noResource } from '#capabilities/ssm.ts'
import type { Reader } from '#db/database.ts'
import type { Access, OpenCall } from '#kernel/declare.ts'
import type { Scope } from '#kernel/scope.ts'

/** One part of an answer: what it takes to read it, which is what it takes to list the same with AWS's operations, and how it is read. */
export interface Part<T> {
  readonly action: string
  read(reader: Reader): Promise<T>
}

/** The demand of an answer in parts: any one of them may be read. */
export function anyOf(scope: Scope, actions: readonly string[]): Access {
  const [action, ...others] = actions
  const access = { action: action!, resources: noResource(scope) }
  return others.length > 0 ? { ...access, or: [anyOf(scope, others)] } : access
}

/** Reads what the caller may read; the others are named with the reason. */
export async function readParts<T extends object>(
  call: OpenCall,
  parts: { readonly [K in keyof T]: Part<T[K]> },
): Promise<{ read: Partial<T>; withheld: WithheldPart[] }> {
  const standing = await call.standing()
  const read: Partial<T> = {}
  const withheld: WithheldPart[] = []
  for (const name of Object.keys(parts) as (keyof T & string)[]) {
    const { action, read: readPart } = parts[name]
    const reason = standing
      ? await standing.refusal({ action, resources: noResource(call.scope) })
      : 'The credentials of this request are good no more.'
    if (reason === undefined) read[name] = await call.read(readPart)
    else withheld.push({ Part: name, Reason: reason })
  }
  return { read, withheld }
}
