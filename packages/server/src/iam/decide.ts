/**
 * The one decision: may this principal do this action on this resource? Pure. The root of an account may do everything in
 * it; a node may do what its role's core policy allows, on itself; nobody else may do anything.
 */
import type { Access } from '#kernel/declare.ts'
import type { NodePrincipal, Principal } from '#kernel/principal.ts'

export type Decision =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly action: string; readonly resource: string }

/** Every resource of every entry must be allowed; the first that is not is named. */
export function decide(principal: Principal, access: readonly Access[]): Decision {
  for (const { action, resources } of access) {
    for (const resource of resources) {
      if (!isAllowed(principal, action, resource)) return { allowed: false, action, resource }
    }
  }
  return { allowed: true }
}

function isAllowed(principal: Principal, action: string, resource: string): boolean {
  switch (principal.kind) {
    case 'root':
      return true
    case 'node':
      return nodeMay(principal, action, resource)
    case 'anonymous':
      return action === 'ssm:RegisterManagedInstance'
    case 'user':
    case 'role':
    case 'federated':
      return false
  }
}

/** What AmazonSSMManagedInstanceCore grants, narrowed: where a resource is a node, it must be this one. */
const NODE_ACTIONS: ReadonlySet<string> = new Set([
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
  'ssm:RequestManagedInstanceRoleToken',
  'ssm:UpdateAssociationStatus',
  'ssm:UpdateInstanceAssociationStatus',
  'ssm:UpdateInstanceInformation',
  'ssm:UpdateManagedInstancePublicKey',
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

function nodeMay(principal: NodePrincipal, action: string, resource: string): boolean {
  if (action === 'sts:GetCallerIdentity') return true
  if (!NODE_ACTIONS.has(action)) return false
  const node = /:(?:managed-)?instance\/(.+)$/.exec(resource)
  return node === null || resource.endsWith(`:${principal.account}:managed-instance/${principal.nodeId}`)
}
