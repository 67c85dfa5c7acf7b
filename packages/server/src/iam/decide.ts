/**
 * The one decision: may this principal do this action on this resource? Pure. The root of an account may do everything in it that
 * the resource's own policy does not deny; users, roles and federated users what policies say; a node what the core policy of nodes allows, on itself, and its role
 * too if that is one of IAM's. What nodes do in buckets and log groups is for policies alone.
 */
import type { PrincipalPolicies, ResourceDescription } from '#kernel/declare.ts'
import type { IamPrincipal, NodePrincipal, Principal, RootPrincipal } from '#kernel/principal.ts'
import { type Asker, evaluate, type FoundStatement, type Layer, type Verdict } from './policy/evaluate.ts'
import { parsePolicy } from './policy/parse-policy.ts'
import { type RequestContext, requestContext } from './policy/request-context.ts'

/** A principal with what it may do; only those that policies speak of have policies. */
export interface Caller {
  readonly principal: Principal
  readonly policies: PrincipalPolicies | undefined
}

/** One action on one resource. */
export interface Demand {
  readonly action: string
  readonly resource: string
  /** See `Access.alias`. */
  readonly alias?: string | undefined
  readonly context?: RequestContext
  /** What is known of the resource, if that was worth a look. */
  readonly description?: ResourceDescription | undefined
}

/**
 * `because` completes AWS's sentence: `… on resource: Y because no identity-based policy allows the X action`. `statement` is the one
 * that denies, if one does; it is not for the caller.
 */
export type Decision =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly because: string; readonly statement?: FoundStatement | undefined }

const ALLOWED: Decision = { allowed: true }

export function decide({ principal, policies }: Caller, demand: Demand): Decision {
  switch (principal.kind) {
    case 'root':
      return unlessDenied(principal, demand)
    case 'anonymous':
      return refused('identity', demand.action)
    case 'node':
      if (LEFT_TO_ROLE.test(demand.action)) return byPolicies(askerOf(principal), policies ?? HANDING_IN, demand)
      return nodeMay(principal, demand) ? byRole(principal, policies, demand) : refused('identity', demand.action)
    case 'user':
    case 'role':
    case 'federated':
      if (FREE_FOR_PEOPLE.has(demand.action)) return ALLOWED
      return policies ? byPolicies(askerOf(principal), policies, demand) : refused('identity', demand.action)
  }
}

/**
 * What nodes do beside being managed: using keys and secrets, and putting output into buckets and log groups. Only policies say what of it.
 */
const LEFT_TO_ROLE = /^(kms:(Decrypt|GenerateDataKey)$|secretsmanager:GetSecretValue$|s3:|logs:)/

/**
 * What a node may do of that whose role is none of IAM's, besides what policies of resources give to everybody: hand in output, and
 * not see what is there. A role that IAM knows says it itself.
 */
const HANDING_IN: PrincipalPolicies = {
  identity: [
    {
      name: 'output of nodes',
      source: 'role',
      policy: parsePolicy(
        JSON.stringify({
          Version: '2012-10-17',
          Statement: {
            Effect: 'Allow',
            Action: [
              's3:AbortMultipartUpload',
              's3:GetBucketLocation',
              's3:GetEncryptionConfiguration',
              's3:PutObject',
              's3:PutObjectAcl',
              'logs:CreateLogGroup',
              'logs:CreateLogStream',
              'logs:DescribeLogGroups',
              'logs:DescribeLogStreams',
              'logs:PutLogEvents',
            ],
            Resource: '*',
          },
        }),
      ),
    },
  ],
  tags: {},
}

/** Who they are is nothing that policies could keep from anybody. */
const FREE_FOR_ALL: ReadonlySet<string> = new Set(['sts:GetCallerIdentity', 'sts:GetSessionToken'])
/** Whoever was let in may stay and may go. */
const FREE_FOR_PEOPLE: ReadonlySet<string> = new Set([...FREE_FOR_ALL, 'steward:RenewSignIn', 'steward:SignOut'])

/** How policies of resources name a principal. */
export function askerOf(principal: IamPrincipal | NodePrincipal): Asker {
  const { account, arn } = principal
  switch (principal.kind) {
    case 'user':
      return { account, own: [arn, principal.userId], behind: [] }
    case 'role':
      return { account, own: [arn, principal.userId], behind: [principal.roleArn, principal.userId.split(':')[0]!] }
    case 'federated':
      return { account, own: [arn], behind: principal.issuer ? [principal.issuer.arn, principal.issuer.userId] : [] }
    case 'node':
      return { account, own: [arn], behind: [roleArnOf(principal)] }
  }
}

/** The ARN of a node's role, which its activation may have named without one. */
export function roleArnOf({ account, role }: NodePrincipal): string {
  return role.startsWith('arn:') ? role : `arn:aws:iam::${account}:role/${role}`
}

function byPolicies(asker: Asker, policies: PrincipalPolicies, demand: Demand): Decision {
  const { action, resource, alias, context = requestContext(), description } = demand
  const { identity, boundary, session } = policies
  const account = ownerOf(resource) ?? asker.account
  const verdict = evaluate(
    { asker, action, resource, alias, context },
    {
      identity,
      ...(boundary && { boundary: [boundary] }),
      ...(session && { session }),
      resource: { account, ...description },
    },
  )
  return verdict.allowed ? ALLOWED : { allowed: false, because: reason(verdict, action), statement: verdict.statement }
}

/** The account that an ARN names. AWS's own, such as `arn:aws:iam::aws:policy/…`, are of no account and no stranger's. */
function ownerOf(resource: string): string | undefined {
  const account = resource.split(':')[4]
  return account && /^\d+$/.test(account) ? account : undefined
}

/** Nobody need allow the root anything. */
function unlessDenied({ account, arn }: RootPrincipal, demand: Demand): Decision {
  if (!demand.description?.policy) return ALLOWED
  const decision = byPolicies({ account, own: [arn], behind: [] }, { identity: [], tags: {} }, demand)
  return !decision.allowed && decision.statement ? decision : ALLOWED
}

const LAYER_NAMES: Readonly<Record<Layer, string>> = {
  identity: 'identity-based policy',
  resource: 'resource-based policy',
  boundary: 'permissions boundary',
  session: 'session policy',
}

/** AWS's words. */
function reason({ why, layer }: Verdict, action: string): string {
  // The policy of a role says who may assume it.
  const trust = layer === 'resource' && action.startsWith('sts:')
  if (why === 'implicit')
    return `because no ${trust ? 'role trust policy' : LAYER_NAMES[layer]} allows the ${action} action`
  if (trust) return 'with an explicit deny in the role trust policy'
  return `with an explicit deny in ${layer === 'identity' ? 'an' : 'a'} ${LAYER_NAMES[layer]}`
}

function refused(layer: Layer, action: string): Decision {
  return { allowed: false, because: `because no ${LAYER_NAMES[layer]} allows the ${action} action` }
}

// ---------------------------------------------------------------------------------------------------------------------

/** What nodes do with their own key, before they have the credentials of their role. */
const BY_NODE_KEY: ReadonlySet<string> = new Set([
  'ssm:RequestManagedInstanceRoleToken',
  'ssm:UpdateManagedInstancePublicKey',
])

/** What AmazonSSMManagedInstanceCore grants, narrowed: where a resource is a node, it must be this one. */
const NODE_ACTIONS: ReadonlySet<string> = new Set([
  ...BY_NODE_KEY,
  'ssm:DescribeAssociation',
  'ssm:GetDeployablePatchSnapshotForInstance',
  'ssm:GetDocument',
  'ssm:DescribeDocument',
  'ssm:GetManifest',
  'ssm:GetParameter',
  'ssm:GetParameters',
  'ssm:ListAssociations',
  'ssm:ListInstanceAssociations',
  'ssm:PutInventory',
  'ssm:PutComplianceItems',
  'ssm:PutConfigurePackageResult',
  'ssm:UpdateAssociationStatus',
  'ssm:UpdateInstanceAssociationStatus',
  'ssm:UpdateInstanceInformation',
  'ssmmessages:CreateControlChannel',
  'ssmmessages:CreateDataChannel',
  'ssmmessages:OpenControlChannel',
  'ssmmessages:OpenDataChannel',
  'ec2messages:AcknowledgeMessage',
  'ec2messages:DeleteMessage',
  'ec2messages:FailMessage',
  'ec2messages:GetEndpoint',
  'ec2messages:GetMessages',
  'ec2messages:SendReply',
])

function nodeMay(principal: NodePrincipal, { action, resource }: Demand): boolean {
  if (FREE_FOR_ALL.has(action)) return true
  if (!NODE_ACTIONS.has(action)) return false
  const node = /:(?:managed-)?instance\/(.+)$/.exec(resource)
  return node === null || resource.endsWith(`:${principal.account}:managed-instance/${principal.nodeId}`)
}

/** A role that IAM does not know is one of the days before IAM: it means the core policy. */
function byRole(principal: NodePrincipal, policies: PrincipalPolicies | undefined, demand: Demand): Decision {
  if (!policies || FREE_FOR_ALL.has(demand.action) || BY_NODE_KEY.has(demand.action)) return ALLOWED
  return byPolicies(askerOf(principal), policies, demand)
}
