import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { STSClient } from '@aws-sdk/client-sts'
import type { TestServer } from '@steward/testkit'

export interface Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

export const ADMINISTRATOR = 'arn:aws:iam::aws:policy/AdministratorAccess'

/** A policy document of one statement for each pair of actions and resources. */
export function allowing(
  ...statements: { Action: string | string[]; Resource?: string; [key: string]: unknown }[]
): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map((statement) => ({ Effect: 'Allow', Resource: '*', ...statement })),
  })
}

/** A trust policy of one statement. */
export function trusting(Principal: object, more: object = {}): string {
  const statement = {
    Effect: 'Allow',
    Principal,
    Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
    ...more,
  }
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
}

/** A user with a key, and with what the inline policy or the managed ones allow. */
export async function aUser(
  server: TestServer,
  UserName: string,
  { policy, managed = [] }: { policy?: string; managed?: string[] } = {},
): Promise<Keys & { arn: string }> {
  const iam = server.client(IAMClient)
  const { User } = await iam.send(new CreateUserCommand({ UserName }))
  if (policy) await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument: policy }))
  for (const PolicyArn of managed) await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
  return { arn: User!.Arn!, accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
}

/** A role that allows what the inline policy says. */
export async function aRole(
  server: TestServer,
  RoleName: string,
  trust: string,
  { policy, ...more }: { policy?: string; MaxSessionDuration?: number; Path?: string } = {},
): Promise<{ arn: string; id: string }> {
  const iam = server.client(IAMClient)
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust, ...more }))
  if (policy) await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument: policy }))
  return { arn: Role!.Arn!, id: Role!.RoleId! }
}

export function stsOf(server: TestServer, credentials: Keys): STSClient {
  return server.client(STSClient, { credentials })
}

/** As answers have credentials, made fit for a client. */
export function keysOf(answer: {
  Credentials?: {
    AccessKeyId?: string | undefined
    SecretAccessKey?: string | undefined
    SessionToken?: string | undefined
  }
}): Keys {
  const { AccessKeyId, SecretAccessKey, SessionToken } = answer.Credentials!
  return { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken! }
}
