/**
 * Asks the server to simulate a request and says in words which statement decides. What the decision on a real request would look up by
 * itself is looked up here: the tags of the resource, and its own policy.
 */
import { Api } from '#api.ts'
import { connection } from '#connection.ts'
import { ApiFault, EXIT, UsageFault } from '#fault.ts'
import { type Io, paint } from '#io.ts'
import { at, listAt, mapAt, type XmlElement } from '#xml.ts'
import { type ResourcePolicy, resourcePolicy } from './why-resource-policy.ts'
import { cut, type Deciding, decidingStatement, type PolicyKind } from './why-statement.ts'

export interface Question {
  readonly principal: string
  readonly action: string
  readonly resource: string
}

interface Explained {
  readonly principal: string
  readonly action: string
  readonly resource: string
  readonly decision: string
  readonly boundaryAllows: boolean | undefined
  readonly statements: readonly Deciding[]
  /** Where the policy of the resource has a say of its own: whether the principal's policies would allow it, were they alone. */
  readonly leftToResource: boolean
  /** Condition keys that policies ask for and nobody stated. */
  readonly missing: readonly string[]
  /** The code with which the server refused to show the resource's policy, which was left out then. */
  readonly policyUnread?: string
  /** Whether users and roles may do it, whatever policies say. */
  readonly isFree: boolean
  /** Whether a role's trust policy has the say, which was not looked at. */
  readonly leftToTrust: boolean
}

/** The kinds of resource whose tags can be asked for, by the path of their ARNs. */
const TAGGED: Readonly<Record<string, string>> = {
  association: 'Association',
  'automation-execution': 'Automation',
  document: 'Document',
  maintenancewindow: 'MaintenanceWindow',
  'managed-instance': 'ManagedInstance',
  opsitem: 'OpsItem',
  opsmetadata: 'OpsMetadata',
  parameter: 'Parameter',
  patchbaseline: 'PatchBaseline',
}

/** What the server lets everybody do; docs/authorization.md has the list. */
const FREE: ReadonlySet<string> = new Set([
  'sts:getcalleridentity',
  'sts:getsessiontoken',
  'steward:renewsignin',
  'steward:signout',
])

/** What trust policies decide on. */
const ASSUMING = /^sts:(?:assumerole|tagsession|setsourceidentity)/i

export async function why(
  io: Io,
  { principal, action, resource }: Question,
  options: { context: Record<string, readonly string[]>; json?: boolean },
): Promise<number> {
  const where = connection(io.env)
  const api = new Api(where)
  const arn = await principalArn(api, principal)
  const now = new Date()
  const context = {
    'aws:CurrentTime': [`${now.toISOString().slice(0, 19)}Z`],
    'aws:EpochTime': [String(Math.floor(now.getTime() / 1000))],
    'aws:RequestedRegion': [where.region],
    'aws:ViaAWSService': ['false'],
    ...(await resourceTags(api, resource)),
    ...options.context,
  }
  const ofResource = await resourcePolicy(api, resource)
  const owner = /^arn:[^:]+:[^:]*:[^:]*:(\d{12}):/.exec(resource)?.[1]
  const input = {
    PolicySourceArn: arn,
    'ActionNames.member.1': action,
    'ResourceArns.member.1': resource,
    ...(owner && { ResourceOwner: `arn:aws:iam::${owner}:root` }),
    // A group is nobody whom a policy of a resource could name.
    ...(ofResource.text && !arn.includes(':group/') && { ResourcePolicy: ofResource.text }),
  }
  const answer = await api.query('iam', 'SimulatePrincipalPolicy', { ...input, ...entries(context) })
  const result = listAt(answer, 'EvaluationResults')[0]
  const explained = await explain(api, { principal: arn, action, resource }, result, ofResource)
  io.stdout.write(options.json ? `${JSON.stringify(explained, null, 2)}\n` : inWords(io, explained))
  return explained.decision === 'allowed' ? EXIT.ok : EXIT.failed
}

async function explain(
  api: Api,
  question: Question,
  result: XmlElement | undefined,
  ofResource: ResourcePolicy,
): Promise<Explained> {
  const about = { isFree: isFree(question), leftToTrust: ASSUMING.test(question.action) }
  if (about.isFree) {
    return {
      ...question,
      ...about,
      decision: 'allowed',
      boundaryAllows: undefined,
      statements: [],
      leftToResource: false,
      missing: [],
    }
  }
  const boundary = at(result, 'PermissionsBoundaryDecisionDetail', 'AllowedByPermissionsBoundary')?.text
  const statements: Deciding[] = []
  for (const matched of listAt(result, 'MatchedStatements')) {
    const place = {
      policy: at(matched, 'SourcePolicyId')?.text ?? '',
      start: placeAt(matched, 'StartPosition'),
      end: placeAt(matched, 'EndPosition'),
    }
    if (at(matched, 'SourcePolicyType')?.text === 'Resource Policy')
      statements.push({ ...place, kind: 'resource', policy: question.resource, text: cut(ofResource.text!, place) })
    else statements.push(await decidingStatement(api, question.principal, place))
  }
  return {
    ...question,
    ...about,
    decision: at(result, 'EvalDecision')?.text ?? 'implicitDeny',
    boundaryAllows: boundary === undefined ? undefined : boundary === 'true',
    statements,
    leftToResource: mapAt(result, 'EvalDecisionDetails').get('IAM Policy') === 'allowed',
    missing: listAt(result, 'MissingContextValues').map(({ text }) => text),
    ...(ofResource.refused && { policyUnread: ofResource.refused }),
  }
}

/** A group makes no requests. */
function isFree({ principal, action }: Question): boolean {
  return FREE.has(action.toLowerCase()) && !principal.includes(':group/')
}

function placeAt(matched: XmlElement, name: string): { line: number; column: number } {
  return { line: Number(at(matched, name, 'Line')?.text), column: Number(at(matched, name, 'Column')?.text) }
}

const KINDS: Readonly<Record<PolicyKind, string>> = {
  user: 'inline policy of the user',
  group: 'inline policy of a group',
  role: 'inline policy of the role',
  'aws-managed': 'managed by AWS',
  'user-managed': 'managed policy',
  resource: 'its own policy',
  '': 'policy',
}

function inWords(io: Io, { principal, action, resource, ...explained }: Explained): string {
  const { decision, statements, missing, policyUnread, leftToTrust } = explained
  const allowed = decision === 'allowed'
  const head = paint(io, io.stdout, allowed ? 'green' : 'red', allowed ? 'allowed' : 'denied')
  const lines = [`${head}: ${principal} ${allowed ? 'may' : 'may not'} ${action} on ${resource}`, reason(explained)]
  for (const { policy, kind, start, text } of allowed || decision === 'explicitDeny' ? statements : []) {
    lines.push(`  ${policy} (${KINDS[kind]}), line ${start.line}, column ${start.column}${text ? ':' : ''}`)
    if (text) lines.push(...text.split('\n').map((line) => `    ${line}`))
  }
  if (missing.length > 0) {
    lines.push(
      `Its policies also ask for ${missing.join(', ')}, which a real request might have. State them with --context KEY=VALUE.`,
    )
  }
  if (policyUnread) lines.push(`The policy of the resource could not be read (${policyUnread}), so it is left out.`)
  if (leftToTrust)
    lines.push('The trust policy of the role was not looked at; it has the say on who may assume the role.')
  return `${lines.join('\n')}\n`
}

function reason({
  isFree,
  decision,
  boundaryAllows,
  leftToResource,
  statements,
}: Omit<Explained, keyof Question>): string {
  if (isFree) return 'because users and roles always may, whatever policies say.'
  const several = statements.length > 1
  if (decision === 'allowed') return `because of ${several ? 'these statements' : 'this statement'}:`
  if (decision === 'explicitDeny')
    return `because ${several ? 'these statements deny' : 'this statement denies'} it, whatever else allows it:`
  if (boundaryAllows === false && statements.length > 0) return 'because its permissions boundary does not allow it.'
  if (leftToResource) return 'because the policy of the resource does not allow it, too.'
  return 'because no statement of its policies allows it.'
}

/** The whole ARN of what a person calls `user/ann`; that of a session becomes that of its role. */
async function principalArn(api: Api, text: string): Promise<string> {
  const session = /^arn:[^:]+:sts::\d{12}:assumed-role\/([^/]+)\//.exec(text)
  const [, kind, name] = session ? ['', 'role', session[1]!] : (/^(user|role|group)\/([\w+=,.@-]+)$/.exec(text) ?? [])
  if (text.startsWith('arn:') && !session) return text
  if (!kind || !name) throw new UsageFault(`A principal is user/NAME, role/NAME, group/NAME or an ARN, not '${text}'.`)
  const noun = `${kind[0]!.toUpperCase()}${kind.slice(1)}`
  return at(await api.query('iam', `Get${noun}`, { [`${noun}Name`]: name }), noun, 'Arn')?.text ?? text
}

/** As the condition keys that policies ask for them by. Without the right to list them they are left out. */
async function resourceTags(api: Api, arn: string): Promise<Record<string, string[]>> {
  const [, path = '', id = ''] = /^arn:[^:]+:ssm:[^:]*:[^:]+:([a-z-]+)\/(.+)$/.exec(arn) ?? []
  const type = TAGGED[path]
  if (!type || id.includes('*')) return {}
  try {
    const name = type === 'Parameter' ? `/${id}` : id
    const input = { ResourceType: type as 'Parameter', ResourceId: name }
    const { TagList = [] } = await api.ssm('ListTagsForResource', input)
    return Object.fromEntries(
      TagList.flatMap(({ Key, Value }) => [
        [`aws:ResourceTag/${Key}`, [Value]],
        [`ssm:resourceTag/${Key}`, [Value]],
      ]),
    )
  } catch (error) {
    if (error instanceof ApiFault) return {}
    throw error
  }
}

function entries(context: Readonly<Record<string, readonly string[]>>): Record<string, string> {
  const form: Record<string, string> = {}
  for (const [i, [key, values]] of Object.entries(context).entries()) {
    const name = `ContextEntries.member.${i + 1}`
    form[`${name}.ContextKeyName`] = key
    form[`${name}.ContextKeyType`] = values.length > 1 ? 'stringList' : 'string'
    for (const [n, value] of values.entries()) form[`${name}.ContextKeyValues.member.${n + 1}`] = value
  }
  return form
}
