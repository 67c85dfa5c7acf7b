/** People who sign in, as the console does it for them. */
import {
  CreateLoginProfileCommand,
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import type { Operations } from '@steward/model/generated/steward.ts'
import type { TestServer } from '@steward/testkit'
import { jsonCall, type RawAnswer } from '#door/testing/raw-call.ts'

export const PASSWORD = 'correct horse Battery 1'

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
}

/** A user with a password, who may do what the actions say. */
export async function aPerson(
  server: TestServer,
  UserName: string,
  { Action = [], PasswordResetRequired = false }: { Action?: string[]; PasswordResetRequired?: boolean } = {},
): Promise<void> {
  const iam = server.client(IAMClient)
  await iam.send(new CreateUserCommand({ UserName }))
  await iam.send(new CreateLoginProfileCommand({ UserName, Password: PASSWORD, PasswordResetRequired }))
  if (Action.length === 0) return
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
  })
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument }))
}

/** Gives the user a device; answers the seed that it shares. `codes` are two in a row. */
export async function aDevice(
  server: TestServer,
  UserName: string,
  codes: (seed: Buffer) => readonly [string, string],
): Promise<Buffer> {
  const iam = server.client(IAMClient)
  const made = await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: UserName }))
  const { SerialNumber, Base32StringSeed } = made.VirtualMFADevice!
  const seed = fromBase32(Buffer.from(Base32StringSeed!).toString('utf8'))
  const [AuthenticationCode1, AuthenticationCode2] = codes(seed)
  await iam.send(new EnableMFADeviceCommand({ UserName, SerialNumber, AuthenticationCode1, AuthenticationCode2 }))
  return seed
}

/** A call of our own service; nobody signs it unless there are credentials. */
export function steward<O extends keyof Operations>(
  server: TestServer,
  operation: O,
  input: Operations[O]['input'],
  credentials: Credentials | null = null,
): Promise<RawAnswer> {
  return jsonCall(server, `Steward.${operation}`, input, { service: 'steward', credentials })
}

export function credentialsOf({ json }: RawAnswer): Credentials {
  const given = json.Credentials as { AccessKeyId: string; SecretAccessKey: string; SessionToken: string }
  return {
    accessKeyId: given.AccessKeyId,
    secretAccessKey: given.SecretAccessKey,
    sessionToken: given.SessionToken,
  }
}

/** The code of a refusal, empty if there was none. */
export function refusal({ json }: RawAnswer): string {
  return String(json.__type ?? '').replace(/^.*#/, '')
}

function fromBase32(text: string): Buffer {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = Array.from(text, (letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}
