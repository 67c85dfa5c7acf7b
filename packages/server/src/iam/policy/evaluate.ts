/**
 * The decision that policies come to, by AWS's published logic. Pure: it is told who asks for what, and which policies there
 * are. Policies are compiled at their first use and remembered for as long as they are.
 *
 * An explicit deny in any of them decides. Otherwise a policy of the principal or of the resource must allow: either of them
 * within an account, both from one account to another. What the principal's own policies allow, its permissions boundary and
 * its session policies must allow too, and what a policy of the resource gives to its role.
 */
import type { AttachedPolicy, ParsedPolicy, Principals, Statement } from '#kernel/policy.ts'
import { resourceMatcher } from './arn.ts'
import { compileCondition, operatorNamed } from './operators.ts'
import { type Matcher, variablesOf, wildcardMatcher } from './pattern.ts'
import type { RequestContext } from './request-context.ts'

export interface Question {
  readonly asker: Asker
  /** `ssm:SendCommand` */
  readonly action: string
  /** An ARN or `*`. */
  readonly resource: string
  /** Another ARN by which policies may mean the resource. */
  readonly alias?: string | undefined
  readonly context: RequestContext
}

/** The principal as policies of resources name it. */
export interface Asker {
  readonly account: string
  /** ARNs and ids that mean exactly this principal, such as those of its session. */
  readonly own: readonly string[]
  /** Those of the role or user behind the session, to which boundary and session policies apply. */
  readonly behind: readonly string[]
  /** For principals that are no users or roles: `{ Service: 'ssm.amazonaws.com' }`. */
  readonly other?: { readonly kind: 'Service' | 'Federated'; readonly name: string }
}

/** All policies that apply to a question. */
export interface ApplicablePolicies {
  readonly identity: readonly AttachedPolicy[]
  readonly boundary?: readonly AttachedPolicy[]
  readonly session?: readonly AttachedPolicy[]
  readonly resource?: {
    readonly account: string
    readonly policy?: AttachedPolicy
    /** See `ResourceDescription.policyDecides`. */
    readonly policyDecides?: boolean
  }
}

export type Layer = 'identity' | 'resource' | 'boundary' | 'session'

export interface Verdict {
  readonly allowed: boolean
  /** `allowed`: the statement that allows. `explicit`: the one that denies. `implicit`: no statement of `layer` allows. */
  readonly why: 'allowed' | 'explicit' | 'implicit'
  /** Where it was decided; the policies of the principal and those of the resource can both allow. */
  readonly layer: Layer
  /** The statement that decided. */
  readonly statement: FoundStatement | undefined
  /** Every statement that applied. */
  readonly matched: readonly FoundStatement[]
  /** Whether the permissions boundary would allow it; undefined if there is none. */
  readonly boundaryAllows: boolean | undefined
}

/** A statement with where it stands. */
export interface FoundStatement {
  readonly policy: AttachedPolicy
  readonly statement: Statement
  /** In the policy's list of statements, from 0. */
  readonly index: number
}

const LAYERS = ['identity', 'resource', 'boundary', 'session'] as const

/** What the policies come to. */
export function evaluate(question: Question, policies: ApplicablePolicies): Verdict {
  const matched: FoundStatement[] = []
  const ofResource = policies.resource?.policy
  const bounded = policies.boundary !== undefined
  const identity = apply(question, policies.identity, matched)
  const resource = ofResource && apply(question, [ofResource], matched, bounded)
  const boundary = policies.boundary && apply(question, policies.boundary, matched)
  const session = policies.session && apply(question, policies.session, matched)
  const layers = { identity, resource, boundary, session }
  const result = (allowed: boolean, why: Verdict['why'], layer: Layer, statement?: FoundStatement): Verdict => ({
    allowed,
    why,
    layer,
    statement,
    matched,
    boundaryAllows: boundary && boundary.allow !== undefined && boundary.deny === undefined,
  })

  for (const layer of LAYERS) {
    const deny = layers[layer]?.deny
    if (deny) return result(false, 'explicit', layer, deny)
  }
  const limit = boundary && !boundary.allow ? 'boundary' : session && !session.allow ? 'session' : undefined
  const { account = question.asker.account, policyDecides = false } = policies.resource ?? {}
  const sameAccount = account === question.asker.account
  const granted = resource?.allow
  if (sameAccount && granted) {
    // Who is named itself, or with everybody, is not limited by what its boundary and session leave out; a role that is named is.
    if (resource.grant === 'own') return result(true, 'allowed', 'resource', granted)
    if (resource.grant === 'behind' && limit) return result(false, 'implicit', limit)
    if (resource.grant === 'behind') return result(true, 'allowed', 'resource', granted)
  }
  if (!granted && (policyDecides || !sameAccount)) return result(false, 'implicit', 'resource')
  if (!identity.allow) return result(false, 'implicit', 'identity')
  if (limit) return result(false, 'implicit', limit)
  return result(true, 'allowed', 'identity', identity.allow)
}

/** The condition keys that a policy asks for, in conditions and variables, as written. */
export function contextKeysOf({ version, statements }: ParsedPolicy): string[] {
  const keys = new Map<string, string>()
  for (const { conditions, resources } of statements) {
    const variables = [...(resources?.listed ?? []), ...conditions.flatMap(({ values }) => values)].flatMap((text) =>
      version === '2012-10-17' ? variablesOf(text) : [],
    )
    for (const key of [...conditions.map(({ key }) => key), ...variables]) keys.set(key.toLowerCase(), key)
  }
  return [...keys.values()]
}

/** Whether a decision by these policies may depend on what the resource is like: `aws:ResourceTag/…`, `ssm:resourceTag/…`. */
export function askAboutResource(policies: readonly AttachedPolicy[]): boolean {
  return policies.some(({ policy }) => compiled(policy).asksAboutResource)
}

// ---------------------------------------------------------------------------------------------------------------------

interface Applied {
  deny: FoundStatement | undefined
  allow: FoundStatement | undefined
  /** How the allowing statement of a resource's policy names the principal; the most direct way counts. */
  grant: Named | undefined
}

/** `own`: it alone, or everybody. `behind`: the role or user behind the session. `account`: only its account. */
type Named = 'own' | 'behind' | 'account'

const DIRECTNESS: Readonly<Record<Named, number>> = { own: 3, behind: 2, account: 1 }

/** Adds the statements that apply to `matched`. `bounded`: whether the principal has a permissions boundary. */
function apply(
  question: Question,
  policies: readonly AttachedPolicy[],
  matched: FoundStatement[],
  bounded = false,
): Applied {
  const applied: Applied = { deny: undefined, allow: undefined, grant: undefined }
  for (const policy of policies) {
    for (const one of statementsFor(compiled(policy.policy), question.action)) {
      const named = one.principal(question.asker, bounded)
      if (named === undefined || !one.resource(question) || !one.conditions(question.context)) continue
      const found: FoundStatement = { policy, statement: one.statement, index: one.index }
      matched.push(found)
      if (one.statement.effect === 'Deny') applied.deny ??= found
      else if (!applied.grant || DIRECTNESS[named] > DIRECTNESS[applied.grant]) {
        applied.allow = found
        applied.grant = named
      }
    }
  }
  return applied
}

interface CompiledStatement {
  readonly statement: Statement
  readonly index: number
  action(action: string): boolean
  principal(asker: Asker, bounded: boolean): Named | undefined
  resource(question: Question): boolean
  conditions(context: RequestContext): boolean
}

interface CompiledPolicy {
  readonly statements: readonly CompiledStatement[]
  /** The statements that are about an action, by action. */
  readonly byAction: Map<string, readonly CompiledStatement[]>
  readonly asksAboutResource: boolean
}

/** Actions are those of the operations there are, but those of a simulation are anybody's. */
const CACHED_ACTIONS = 2000

const compiledPolicies = new WeakMap<ParsedPolicy, CompiledPolicy>()

function compiled(policy: ParsedPolicy): CompiledPolicy {
  const known = compiledPolicies.get(policy)
  if (known) return known
  const made: CompiledPolicy = {
    statements: policy.statements.map((statement, index) => compile(statement, index, policy.version === '2012-10-17')),
    byAction: new Map(),
    asksAboutResource: contextKeysOf(policy).some((key) => /:resourcetag\/|^aws:resourceaccount$/i.test(key)),
  }
  compiledPolicies.set(policy, made)
  return made
}

function statementsFor({ statements, byAction }: CompiledPolicy, action: string): readonly CompiledStatement[] {
  const known = byAction.get(action)
  if (known) return known
  const found = statements.filter((statement) => statement.action(action))
  if (byAction.size < CACHED_ACTIONS) byAction.set(action, found)
  return found
}

function compile(statement: Statement, index: number, variables: boolean): CompiledStatement {
  const actions = statement.actions.listed.map((action) => wildcardMatcher(action.toLowerCase(), false))
  const ofPrincipal = statement.principals === undefined
  const resources = statement.resources?.listed.map((resource) => resourceMatcher(resource, variables, ofPrincipal))
  const conditions = statement.conditions.map(({ operator, key, values }) => ({
    key: key.toLowerCase(),
    test: compileCondition(operatorNamed(operator)!, values, variables),
  }))
  const { actions: wantedActions, resources: wantedResources, principals, effect } = statement
  return {
    statement,
    index,
    action: (action) => anyOf(actions, action.toLowerCase(), NOTHING) !== wantedActions.negated,
    principal: (asker, bounded) => {
      if (!principals) return 'own'
      // Under a boundary AWS spares nobody whom `NotPrincipal` lists.
      if (principals.negated && effect === 'Deny' && bounded) return 'own'
      return nameOf(principals.listed, principals.negated, asker)
    },
    resource: ({ resource, alias, context }) => {
      if (!resources) return true
      const isListed = anyOf(resources, resource, context) || (alias !== undefined && anyOf(resources, alias, context))
      return isListed !== wantedResources!.negated
    },
    conditions: (context) => conditions.every(({ key, test }) => test(context.get(key), context)),
  }
}

const NOTHING: RequestContext = new Map()

function anyOf(matchers: readonly Matcher[], text: string, context: RequestContext): boolean {
  for (const matcher of matchers) if (matcher(text, context)) return true
  return false
}

/**
 * How a statement names the asker; undefined if it does not. `NotPrincipal` means everybody whom it does not list; AWS does not say how
 * directly.
 */
function nameOf(principals: Principals, negated: boolean, asker: Asker): Named | undefined {
  const named = listedAs(principals, asker)
  if (!negated) return named
  return named === undefined ? 'behind' : undefined
}

function listedAs(principals: Principals, asker: Asker): Named | undefined {
  const { other } = asker
  if (other && principals[other.kind]?.some((name) => name === other.name || name === '*')) return 'own'
  const listed = principals.AWS
  if (!listed) return undefined
  if (listed.includes('*') || asker.own.some((name) => listed.includes(name))) return 'own'
  if (asker.behind.some((name) => listed.includes(name))) return 'behind'
  const { account } = asker
  const byAccount = account !== '' && listed.some((name) => name === account || isRootOf(name, account))
  return byAccount ? 'account' : undefined
}

function isRootOf(name: string, account: string): boolean {
  return name.endsWith(`:iam::${account}:root`)
}
