/**
 * Finds the policy and the text of a statement that a simulation points at. As on AWS, the answer's id says where an inline policy is
 * written, `user_ann_mine` and `group_staff_ours`, and is the bare name of a managed one.
 */
import {
  GetPolicyVersionCommand,
  ListGroupsForUserCommand,
  ListPoliciesCommand,
  type Position,
  type Statement,
} from '@aws-sdk/client-iam'
import { iam } from '#api/clients/iam.ts'
import { allPages } from '#api/queries.ts'
import { decodedDocument, type Holder, inlinePolicy } from './holder.ts'

/** As IAM's model calls the kinds of policies. */
type PolicyKind = 'user' | 'group' | 'role' | 'aws-managed' | 'user-managed' | 'resource'

export interface FoundStatement {
  readonly policy: string
  readonly kind: PolicyKind
  /** Null if its policy cannot be read. */
  readonly text: string | null
}

/** Null if nobody knows of such a policy. */
export async function findStatement(principal: string, statement: Statement): Promise<FoundStatement | null> {
  const { SourcePolicyId: id = '', SourcePolicyType: type, StartPosition, EndPosition } = statement
  if ((type as string) === 'Resource Policy') return { policy: id, kind: 'resource', text: null }
  const found = (await ofHolders(principal, id)) ?? (await managed('Local', id)) ?? (await managed('AWS', id))
  if (!found) return null
  const document = await readable(found.document)
  return { policy: found.policy, kind: found.kind, text: document ? cut(document, StartPosition, EndPosition) : null }
}

interface FoundPolicy {
  readonly policy: string
  readonly kind: PolicyKind
  document(): Promise<string | undefined>
}

/** An inline policy, of the principal itself or of one of its groups. */
async function ofHolders(principal: string, id: string): Promise<FoundPolicy | undefined> {
  for (const holder of await holders(principal, id)) {
    const prefix = `${holder.kind}_${holder.name}_`
    if (!id.startsWith(prefix)) continue
    const policy = id.slice(prefix.length)
    return { policy, kind: holder.kind, document: () => inlinePolicy(holder, policy) }
  }
  return undefined
}

async function holders(principal: string, id: string): Promise<Holder[]> {
  const name = principal.split('/').at(-1)!
  const kind = (['user', 'group', 'role'] as const).find((one) => principal.includes(`:${one}/`)) ?? 'user'
  if (kind !== 'user' || !id.startsWith('group_')) return [{ kind, name }]
  const answer = await readable(() => iam().send(new ListGroupsForUserCommand({ UserName: name })))
  return (answer?.Groups ?? []).map(({ GroupName }) => ({ kind: 'group', name: GroupName! }))
}

/** The answer names the policy, but not its path. */
async function managed(Scope: 'AWS' | 'Local', name: string): Promise<FoundPolicy | undefined> {
  const policies = await readable(() =>
    allPages(async (Marker) => {
      const answer = await iam().send(new ListPoliciesCommand({ Scope, Marker, MaxItems: 1000 }))
      return { items: answer.Policies ?? [], next: answer.Marker }
    }),
  )
  const found = policies?.find(({ PolicyName }) => PolicyName === name)
  if (!found) return undefined
  return {
    policy: name,
    kind: Scope === 'AWS' ? 'aws-managed' : 'user-managed',
    document: () => rawDocument(found.Arn!, found.DefaultVersionId!),
  }
}

/** Undefined if the caller may not, or it is gone. */
async function readable<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch {
    return undefined
  }
}

/** As it was written: positions count in that text. */
async function rawDocument(PolicyArn: string, VersionId: string): Promise<string> {
  const { PolicyVersion } = await iam().send(new GetPolicyVersionCommand({ PolicyArn, VersionId }))
  return decodedDocument(PolicyVersion?.Document)
}

/** The text of a document from a place to another, moved to the left as far as all its lines go. */
function cut(document: string, start: Position | undefined, end: Position | undefined): string {
  const lines = document.split('\n')
  const offset = ({ Line = 1, Column = 1 }: Position) =>
    lines.slice(0, Line - 1).reduce((sum, text) => sum + text.length + 1, 0) + Column - 1
  const [first = '', ...rest] = document.slice(offset(start ?? {}), end ? offset(end) : undefined).split('\n')
  const indent = Math.min(...rest.filter((line) => line.trim()).map((line) => line.search(/\S/)))
  return [first, ...rest.map((line) => line.slice(Number.isFinite(indent) ? indent : 0))].join('\n')
}
