/** Finds the text of a statement that a simulation points at. */
import type { Api } from '#api.ts'
import { ApiFault } from '#fault.ts'
import { at, listAt } from '#xml.ts'

/** Where a statement stands: in which policy, from where to where. */
export interface PolicyPlace {
  readonly policy: string
  /** As IAM calls the kinds of policies: `user`, `group`, `role`, `aws-managed`, `user-managed`, `resource`. */
  readonly kind: string
  readonly start: { readonly line: number; readonly column: number }
  readonly end: { readonly line: number; readonly column: number }
}

/** Undefined if its policy cannot be read. */
export async function statementText(api: Api, principal: string, place: PolicyPlace): Promise<string | undefined> {
  try {
    const document = await documentOf(api, principal, place)
    return document && cut(document, place)
  } catch (error) {
    if (error instanceof ApiFault) return undefined
    throw error
  }
}

async function documentOf(api: Api, principal: string, { policy, kind }: PolicyPlace): Promise<string | undefined> {
  const name = principal.split('/').at(-1)!
  if (kind === 'user') return inline(api, 'User', name, policy)
  if (kind === 'role') return inline(api, 'Role', name, policy)
  if (kind === 'group') return ofGroups(api, principal, policy)
  if (kind === 'aws-managed' || kind === 'user-managed')
    return managed(api, kind === 'aws-managed' ? 'AWS' : 'Local', policy)
  return undefined
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

/** The answer names the policy, but not the group. */
async function ofGroups(api: Api, principal: string, policy: string): Promise<string | undefined> {
  const name = principal.split('/').at(-1)!
  if (principal.includes(':group/')) return inline(api, 'Group', name, policy)
  for (const group of listAt(await api.query('iam', 'ListGroupsForUser', { UserName: name }), 'Groups')) {
    const GroupName = at(group, 'GroupName')!.text
    const names = listAt(await api.query('iam', 'ListGroupPolicies', { GroupName }), 'PolicyNames')
    if (names.some(({ text }) => text === policy)) return inline(api, 'Group', GroupName, policy)
  }
  return undefined
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
