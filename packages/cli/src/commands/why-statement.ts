/**
 * Finds the policy and the text of a statement that a simulation points at. As on AWS, the answer's id says where an inline policy is
 * written, `user_ann_mine` and `group_staff_ours`, and is the bare name of a managed one.
 */
import type { Api } from '#api.ts'
import { ApiFault } from '#fault.ts'
import { at, listAt } from '#xml.ts'

/** Where a statement stands: in which policy, from where to where. */
export interface PolicyPlace {
  /** The id of the simulation, or once that is found the name. */
  readonly policy: string
  readonly start: { readonly line: number; readonly column: number }
  readonly end: { readonly line: number; readonly column: number }
}

/** As IAM's model calls the kinds of policies; empty if it is not known. */
export type PolicyKind = 'user' | 'group' | 'role' | 'aws-managed' | 'user-managed' | 'resource' | ''

export interface Deciding extends PolicyPlace {
  readonly kind: PolicyKind
  /** Undefined if the policy cannot be read. */
  readonly text: string | undefined
}

interface FoundPolicy {
  readonly policy: string
  readonly kind: PolicyKind
  readonly document: string | undefined
}

export async function decidingStatement(api: Api, principal: string, place: PolicyPlace): Promise<Deciding> {
  const unknown: FoundPolicy = { policy: place.policy, kind: '', document: undefined }
  const { policy, kind, document } = (await found(api, principal, place.policy)) ?? unknown
  return { ...place, policy, kind, text: document && cut(document, place) }
}

async function found(api: Api, principal: string, id: string): Promise<FoundPolicy | undefined> {
  for (const { kind, name } of await holders(api, principal, id)) {
    const prefix = `${kind}_${name}_`
    if (!id.startsWith(prefix)) continue
    const policy = id.slice(prefix.length)
    return { policy, kind, document: await readable(inline(api, NOUNS[kind], name, policy)) }
  }
  for (const [scope, kind] of [
    ['Local', 'user-managed'],
    ['AWS', 'aws-managed'],
  ] as const) {
    const document = await readable(managed(api, scope, id))
    if (document) return { policy: id, kind, document }
  }
  return undefined
}

type HolderKind = 'user' | 'group' | 'role'

const NOUNS = { user: 'User', group: 'Group', role: 'Role' } as const

/** Whose inline policies count: the principal's own, and of a user's groups, if it is about one. */
async function holders(api: Api, principal: string, id: string): Promise<{ kind: HolderKind; name: string }[]> {
  const name = principal.split('/').at(-1)!
  const own = (['user', 'group', 'role'] as const).find((kind) => principal.includes(`:${kind}/`)) ?? 'user'
  if (own !== 'user' || !id.startsWith('group_')) return [{ kind: own, name }]
  const groups = await readable(api.query('iam', 'ListGroupsForUser', { UserName: name }))
  return listAt(groups, 'Groups').map((group) => ({ kind: 'group', name: at(group, 'GroupName')!.text }))
}

/** Undefined if the server refuses it. */
async function readable<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof ApiFault) return undefined
    throw error
  }
}

async function inline(
  api: Api,
  noun: 'User' | 'Role' | 'Group',
  name: string,
  policy: string,
): Promise<string | undefined> {
  const answer = await api.query('iam', `Get${noun}Policy`, { [`${noun}Name`]: name, PolicyName: policy })
  return decoded(at(answer, 'PolicyDocument')?.text)
}

async function managed(api: Api, Scope: 'AWS' | 'Local', name: string): Promise<string | undefined> {
  let Marker: string | undefined
  do {
    const page = await api.query('iam', 'ListPolicies', { Scope, MaxItems: '1000', ...(Marker && { Marker }) })
    const found = listAt(page, 'Policies').find((policy) => at(policy, 'PolicyName')?.text === name)
    if (found) {
      const PolicyArn = at(found, 'Arn')!.text
      const VersionId = at(found, 'DefaultVersionId')!.text
      const version = await api.query('iam', 'GetPolicyVersion', { PolicyArn, VersionId })
      return decoded(at(version, 'PolicyVersion', 'Document')?.text)
    }
    Marker = at(page, 'Marker')?.text
  } while (Marker)
  return undefined
}

/** IAM sends documents in the encoding of URLs. */
function decoded(text: string | undefined): string | undefined {
  return text && decodeURIComponent(text)
}

/** The text of a document from a place to another. */
export function cut(document: string, { start, end }: Pick<PolicyPlace, 'start' | 'end'>): string {
  const lines = document.split('\n')
  const offset = ({ line, column }: PolicyPlace['start']) =>
    lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0) + column - 1
  return document.slice(offset(start), offset(end))
}
