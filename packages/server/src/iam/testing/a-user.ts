import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
  type Tag,
} from '@aws-sdk/client-iam'
import type { TestServer } from '@steward/testkit'

export interface UserKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** A new user that may do what the statements say, and its access key. */
export async function aUser(
  server: TestServer,
  UserName: string,
  { statements = [], tags = [] }: { statements?: readonly object[]; tags?: Tag[] } = {},
): Promise<UserKey> {
  const iam = server.client(IAMClient)
  await iam.send(new CreateUserCommand({ UserName, ...(tags.length > 0 && { Tags: tags }) }))
  if (statements.length > 0) await allowUser(server, UserName, statements)
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
  return { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
}

/** Replaces what the user may do. */
export async function allowUser(server: TestServer, UserName: string, statements: readonly object[]): Promise<void> {
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: statements })
  await server.client(IAMClient).send(new PutUserPolicyCommand({ UserName, PolicyName: 'test', PolicyDocument }))
}
