import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import type { TestServer } from '@steward/testkit'

/** A role that a service may assume, and what it may do then; returns its ARN. */
export async function roleFor(
  server: TestServer,
  RoleName: string,
  Service: string,
  ...Statement: readonly object[]
): Promise<string> {
  const iam = server.client(IAMClient)
  const document = (statements: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements })
  const trust = document([{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }])
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }))
  if (Statement.length > 0)
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument: document(Statement) }))
  return Role!.Arn!
}
