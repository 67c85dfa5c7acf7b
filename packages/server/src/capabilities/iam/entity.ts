/** What all things of IAM share: names under paths, ids, ARNs. IAM is global, so an account is all the scope there is. */
import type { Ids } from '#kernel/ids.ts'

/** The part of an ARN that tells what kind of thing it is. */
export type EntityKind = 'user' | 'group' | 'role' | 'policy' | 'instance-profile' | 'mfa' | 'oidc-provider'

const ID_PREFIXES = {
  user: 'AIDA',
  group: 'AGPA',
  role: 'AROA',
  policy: 'ANPA',
  'instance-profile': 'AIPA',
  'access-key': 'AKIA',
} as const

/** A new unique id, such as `AROA` and 17 more characters. */
export function newEntityId(ids: Ids, kind: keyof typeof ID_PREFIXES): string {
  const length = kind === 'access-key' ? 16 : 17
  return ID_PREFIXES[kind] + ids.secret(length).toUpperCase()
}

/** `path` begins and ends with a slash. */
export function entityArn(account: string, kind: EntityKind, path: string, name: string): string {
  return `arn:aws:iam::${account}:${kind}${path}${name}`
}

/** Names that differ in case only are the same to IAM: no two of them may exist. Kept in a column of its own. */
export function nameKey(name: string): string {
  return name.toLowerCase()
}
