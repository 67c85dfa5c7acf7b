/** What policies would come to, without anybody asking in earnest. The same evaluation as that of real requests. */
import type {
  Statement as ApiStatement,
  ContextEntry,
  EvaluationResult,
  PolicyEvaluationDecisionType,
} from '@steward/model/generated/iam.ts'
import {
  type ApplicablePolicies,
  type Asker,
  contextKeysOf,
  evaluate,
  type FoundStatement,
  type Question,
  type Verdict,
} from '#iam/policy/evaluate.ts'
import { parsePolicy } from '#iam/policy/parse-policy.ts'
import { type RequestContext, requestContext } from '#iam/policy/request-context.ts'
import type { Call } from '#kernel/declare.ts'
import type { AttachedPolicy } from '#kernel/policy.ts'
import { invalidInput } from './errors.ts'
import { pageOf } from './page.ts'

/** What both simulations are asked. */
export interface SimulationInput {
  readonly PolicyInputList?: readonly string[] | undefined
  readonly PermissionsBoundaryPolicyInputList?: readonly string[] | undefined
  readonly ActionNames: readonly string[]
  readonly ResourceArns?: readonly string[] | undefined
  readonly ResourcePolicy?: string | undefined
  readonly ResourceOwner?: string | undefined
  readonly CallerArn?: string | undefined
  readonly ContextEntries?: readonly ContextEntry[] | undefined
  readonly MaxItems?: number | undefined
}

/** Who is simulated, and what is known of it. */
export interface Simulated {
  /** As policies of resources name it; undefined: nobody in particular. */
  readonly arn: string | undefined
  readonly identity: readonly AttachedPolicy[]
  readonly boundary: readonly AttachedPolicy[] | undefined
  /** Condition keys that come with the principal. */
  readonly keys: Readonly<Record<string, string | readonly string[] | undefined>>
}

/** One question of a simulation. */
interface Scenario {
  readonly action: string
  /** Undefined: none was given, which means all. */
  readonly resource: string | undefined
}

/** Documents of a request, under the names by which answers speak of them. Throws `InvalidInput`. */
export function inputPolicies(documents: readonly string[], list: string): AttachedPolicy[] {
  return documents.map((document, index) => ({
    name: `${list}.${index + 1}`,
    source: 'session',
    policy: parsePolicy(document, 'identity', 'InvalidInput'),
  }))
}

/** Asks all that was asked, and answers one page. Throws `InvalidInput`. */
export function simulate(call: Call, input: SimulationInput, simulated: Simulated) {
  const scenarios = scenariosOf(input).map((scenario, index) => ({ scenario, key: String(index).padStart(6, '0') }))
  const { items, ...page } = pageOf(call, input, scenarios, ({ key }) => key)
  const asker = askerNamed(input.CallerArn ?? simulated.arn, call.scope.account)
  const policies = applicable(asker, input, simulated)
  const context = simulatedContext(simulated.keys, input.ContextEntries)
  const missing = missingKeys(policies, context)
  const EvaluationResults = items.map(({ scenario: { action, resource } }) =>
    answer(
      { asker, action, resource: resource ?? '*', context },
      on(resource, policies),
      missing,
      resource !== undefined,
    ),
  )
  return { EvaluationResults, ...page }
}

/** The condition keys that the policies ask for, each once, in order. */
export function contextKeys(policies: readonly AttachedPolicy[]): string[] {
  const keys = new Map(policies.flatMap(({ policy }) => contextKeysOf(policy)).map((key) => [key.toLowerCase(), key]))
  return [...keys.values()].sort()
}

/** Every action on every resource. Throws `InvalidInput`. */
function scenariosOf({ ActionNames, ResourceArns }: SimulationInput): Scenario[] {
  for (const action of ActionNames) {
    if (!/^[A-Za-z0-9-]+:[A-Za-z0-9]+$/.test(action)) throw invalidInput(`Invalid Action: ${action}`)
  }
  for (const arn of ResourceArns ?? []) {
    if (arn !== '*' && !/^arn:[^:]+:[^:]+:/.test(arn)) throw invalidInput(`Invalid Resource Arn: ${arn}`)
  }
  const resources: readonly (string | undefined)[] = ResourceArns?.length ? ResourceArns : [undefined]
  return ActionNames.flatMap((action) => resources.map((resource) => ({ action, resource })))
}

function applicable(asker: Asker, input: SimulationInput, simulated: Simulated): ApplicablePolicies {
  const { ResourcePolicy, ResourceOwner, CallerArn } = input
  if (ResourcePolicy !== undefined && CallerArn === undefined && simulated.arn === undefined) {
    throw invalidInput('CallerArn is required with a ResourcePolicy, so that its Principal has something to match.')
  }
  const policy = ResourcePolicy && {
    name: 'ResourcePolicy',
    source: 'resource' as const,
    policy: parsePolicy(ResourcePolicy, 'resource', 'InvalidInput'),
  }
  // What nobody is said to own is the caller's.
  const account = accountNamed(ResourceOwner) ?? asker.account
  const { identity, boundary } = simulated
  return { identity, ...(boundary && { boundary }), resource: { account, ...(policy && { policy }) } }
}

/** The policy of a KMS key has the say on it, as in earnest. */
function on(resource: string | undefined, policies: ApplicablePolicies): ApplicablePolicies {
  if (!policies.resource?.policy || !/^arn:[^:]+:kms:[^:]*:[^:]*:key\//.test(resource ?? '')) return policies
  return { ...policies, resource: { ...policies.resource, policyDecides: true } }
}

/** An account is named by its number or by the ARN of its root. */
function accountNamed(owner: string | undefined): string | undefined {
  return owner?.startsWith('arn:') ? owner.split(':')[4] : owner
}

/** Condition keys that the request states, over those that come with the principal. Throws `InvalidInput`. */
function simulatedContext(known: Simulated['keys'], entries: readonly ContextEntry[] = []): RequestContext {
  const stated = entries.map(({ ContextKeyName, ContextKeyValues = [], ContextKeyType = 'string' }) => {
    if (!ContextKeyName) throw invalidInput('A context entry has no key.')
    const list = ContextKeyType.endsWith('List')
    if (!list && ContextKeyValues.length > 1) {
      throw invalidInput(`The context key ${ContextKeyName} has several values; its type is ${ContextKeyType}List.`)
    }
    return [ContextKeyName, list ? ContextKeyValues : ContextKeyValues[0]]
  })
  return requestContext(known, Object.fromEntries(stated))
}

/** A role asks through its sessions, of which none is simulated: whoever names the role means it as the one behind them. */
function askerNamed(arn: string | undefined, account: string): Asker {
  if (arn === undefined) return { account, own: [], behind: [] }
  const isRole = /^arn:[^:]+:iam::\d{12}:role\//.test(arn)
  return { account: arn.split(':')[4] || account, own: isRole ? [] : [arn], behind: isRole ? [arn] : [] }
}

function missingKeys({ identity, boundary = [], resource }: ApplicablePolicies, context: RequestContext): string[] {
  const policies = [...identity, ...boundary, ...(resource?.policy ? [resource.policy] : [])]
  return contextKeys(policies).filter((key) => !context.has(key.toLowerCase()))
}

function answer(
  question: Question,
  policies: ApplicablePolicies,
  missing: readonly string[],
  specific: boolean,
): EvaluationResult {
  const { boundary = [] } = policies
  const verdict = evaluate(question, policies)
  const decision = decisionOf(verdict)
  const reasons = {
    MatchedStatements: deciding(verdict, boundary).map((found) => toApiStatement(found, boundary)),
    MissingContextValues: [...missing],
    ...((policies.resource?.policyDecides || policies.resource?.account !== question.asker.account) && {
      EvalDecisionDetails: bySide(question, policies),
    }),
    ...(verdict.boundaryAllows !== undefined && {
      PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: verdict.boundaryAllows },
    }),
  }
  const { action, resource } = question
  const names = { EvalActionName: action, EvalResourceName: resource, EvalDecision: decision }
  // There also where nothing is to be told apart, but not for the single resource: so AWS answers.
  const result = { ...names, EvalDecisionDetails: {}, ...reasons }
  if (!specific) return result
  const one = { EvalResourceName: resource, EvalResourceDecision: decision, ...reasons }
  return { ...result, ResourceSpecificResults: [one] }
}

/** From one account to another, and on keys, both sides decide; answers tell what each came to. */
function bySide(question: Question, { identity, resource }: ApplicablePolicies) {
  const { account } = question.asker
  const byIdentity = evaluate(question, { identity, resource: { account } })
  const byResource = evaluate(question, { identity: [], resource: { ...resource, account } })
  return { 'IAM Policy': decisionOf(byIdentity), 'Resource Policy': decisionOf(byResource) }
}

function decisionOf({ allowed, why }: Verdict): PolicyEvaluationDecisionType {
  if (allowed) return 'allowed'
  return why === 'explicit' ? 'explicitDeny' : 'implicitDeny'
}

/** Where something is denied, only what denies it. What a boundary allows is not told (recorded): it grants nothing. */
function deciding({ why, matched }: Verdict, boundary: readonly AttachedPolicy[]): readonly FoundStatement[] {
  if (why === 'explicit') return matched.filter(({ statement }) => statement.effect === 'Deny')
  return matched.filter(({ policy }) => !boundary.includes(policy))
}

/** As AWS answers (recorded 2025-04), other than its model says: the kind is coarse, and the id tells where to look. */
function toApiStatement(
  { policy, statement: { start, end } }: FoundStatement,
  boundary: readonly AttachedPolicy[],
): ApiStatement {
  const { name, source, holder } = policy
  const ofPrincipal = boundary.includes(policy) ? 'Permissions Boundary Policy' : 'IAM Policy'
  return {
    SourcePolicyId: holder === undefined ? name.split('/').at(-1)! : `${source}_${holder}_${name}`,
    SourcePolicyType: source === 'resource' ? 'Resource Policy' : ofPrincipal,
    StartPosition: { Line: start.line, Column: start.column },
    EndPosition: { Line: end.line, Column: end.column },
  }
}
