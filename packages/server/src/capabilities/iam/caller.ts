import type { Call } from '#kernel/declare.ts'
import { userNameNeeded } from './errors.ts'

/** The name of the user that an operation is about which is about its caller unless it names somebody. */
export function nameOrCaller({ principal }: Pick<Call, 'principal'>, name: string | undefined): string {
  if (name !== undefined) return name
  if (principal.kind !== 'user') throw userNameNeeded()
  return principal.name
}

/** Whether such an operation is about the root, which is no user. */
export function isAboutRoot(
  { UserName }: { readonly UserName?: string | undefined },
  { principal }: Pick<Call, 'principal'>,
): boolean {
  return UserName === undefined && principal.kind === 'root'
}
