/** Finds the text of a statement that a simulation points at. */
import {
  GetPolicyVersionCommand,
  ListGroupsForUserCommand,
  ListPoliciesCommand,
  type Position,
  type Statement,
} from '@aws-sdk/client-iam'
import { iam } from '#api/clients/iam.ts'
import { allPages } from '#api/queries.ts'
import { decodedDocument, type Holder, inlinePolicy, inlinePolicyNames } from './holder.ts'

/** Null if its policy cannot be read. */
export async function statementText(principal: string, statement: Statement): Promise<string | null> {
  try {
    const document = await documentOf(principal, statement)
    return document ? cut(document, statement.StartPosition, statement.EndPosition) : null
  } catch {
    return null
  }
}

async function documentOf(principal: string, { SourcePolicyId: policy = '', SourcePolicyType: kind }: Statement) {
  const name = principal.split('/').at(-1)!
  switch (kind) {
    case 'user':
    case 'role':
      return inlinePolicy({ kind, name }, policy)
    case 'group':
      return ofGroups(principal, policy)
    case 'aws-managed':
    case 'user-managed':
      return managed(kind === 'aws-managed' ? 'AWS' : 'Local', policy)
    default:
      return undefined
  }
}

/** The answer names the policy, but not the group. */
async function ofGroups(principal: string, policy: string): Promise<string | undefined> {
  const name = principal.split('/').at(-1)!
  if (principal.includes(':group/')) return inlinePolicy({ kind: 'group', name }, policy)
  const { Groups = [] } = await iam().send(new ListGroupsForUserCommand({ UserName: name }))
  for (const { GroupName } of Groups) {
    const group: Holder = { kind: 'group', name: GroupName! }
    if ((await inlinePolicyNames(group)).includes(policy)) return inlinePolicy(group, policy)
  }
  return undefined
}

/** The answer names the policy, but not its path. */
async function managed(Scope: 'AWS' | 'Local', name: string): Promise<string | undefined> {
  const policies = await allPages(async (Marker) => {
    const answer = await iam().send(new ListPoliciesCommand({ Scope, Marker, MaxItems: 1000 }))
    return { items: answer.Policies ?? [], next: answer.Marker }
  })
  const found = policies.find(({ PolicyName }) => PolicyName === name)
  return found && rawDocument(found.Arn!, found.DefaultVersionId!)
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
