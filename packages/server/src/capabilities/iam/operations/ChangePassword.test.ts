import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  AttachUserPolicyCommand,
  ChangePasswordCommand,
  CreateAccessKeyCommand,
  CreateLoginProfileCommand,
  CreateUserCommand,
  DeleteAccountPasswordPolicyCommand,
  DeleteLoginProfileCommand,
  GetAccountPasswordPolicyCommand,
  GetLoginProfileCommand,
  GetUserCommand,
  IAMClient,
  UpdateAccountPasswordPolicyCommand,
  UpdateLoginProfileCommand,
} from '@aws-sdk/client-iam'
import { DATABASES, startServer, type TestServer } from '@steward/testkit'

const UserName = 'ann'
const FIRST = 'Correct-Horse-1'

for (const database of DATABASES) {
  test(`a login profile is made, shown, changed and removed (${database})`, async () => {
    await using server = await startServer({ database })
    const iam = server.client(IAMClient)
    await iam.send(new CreateUserCommand({ UserName }))
    const missing = { name: 'NoSuchEntityException', message: 'Login Profile for User ann cannot be found.' }
    await assert.rejects(iam.send(new GetLoginProfileCommand({ UserName })), missing)
    await assert.rejects(iam.send(new UpdateLoginProfileCommand({ UserName, PasswordResetRequired: true })), missing)
    await assert.rejects(iam.send(new DeleteLoginProfileCommand({ UserName })), missing)
    const make = () => iam.send(new CreateLoginProfileCommand({ UserName, Password: FIRST }))
    assert.equal((await make()).LoginProfile!.PasswordResetRequired, false)
    await assert.rejects(make(), {
      name: 'EntityAlreadyExistsException',
      message: 'Login Profile for user ann already exists.',
    })
    await iam.send(new UpdateLoginProfileCommand({ UserName, PasswordResetRequired: true }))
    assert.equal((await iam.send(new GetLoginProfileCommand({ UserName }))).LoginProfile!.PasswordResetRequired, true)
    await iam.send(new DeleteLoginProfileCommand({ UserName }))
    await assert.rejects(iam.send(new GetLoginProfileCommand({ UserName })), missing)
  })

  test(`users change their own password by proving the old one (${database})`, async () => {
    await using server = await startServer({ database })
    const iam = server.client(IAMClient)
    const mine = await aUserWithPassword(server)
    await iam.send(new UpdateLoginProfileCommand({ UserName, PasswordResetRequired: true }))
    await assert.rejects(change(mine, 'Wrong-Horse-1', 'Next-Horse-2'), {
      name: 'AccessDenied',
      message: 'The old password was incorrect.',
    })
    await change(mine, FIRST, 'Next-Horse-2')
    assert.equal((await iam.send(new GetLoginProfileCommand({ UserName }))).LoginProfile!.PasswordResetRequired, false)
    await assert.rejects(change(mine, FIRST, 'Other-Horse-3'), { name: 'AccessDenied' })
    await change(mine, 'Next-Horse-2', FIRST)
    const { User } = await iam.send(new GetUserCommand({ UserName }))
    assert.equal(User!.PasswordLastUsed, undefined, 'to change a password is not to sign in')
    await assert.rejects(change(iam, FIRST, 'Root-Horse-2'), { name: 'InvalidUserTypeException' })
  })
}

test('guessing passwords is slowed down, and the right one waits too', async () => {
  await using server = await startServer()
  const mine = await aUserWithPassword(server)
  for (let i = 0; i < 6; i++) await assert.rejects(change(mine, `Guess-${i}`, 'Next-Horse-2'), { name: 'AccessDenied' })
  await assert.rejects(change(mine, FIRST, 'Next-Horse-2'), { name: 'AccessDenied' })
  await server.advance(2000)
  await change(mine, FIRST, 'Next-Horse-2')
})

test('a password policy is put, shown with its defaults, kept to, and taken away', async () => {
  await using server = await startServer()
  const iam = server.client(IAMClient)
  const missing = {
    name: 'NoSuchEntityException',
    message: 'The Password Policy with domain name 000000000000 cannot be found.',
  }
  await assert.rejects(iam.send(new GetAccountPasswordPolicyCommand({})), missing)
  const mine = await aUserWithPassword(server)
  await iam.send(
    new UpdateAccountPasswordPolicyCommand({
      MinimumPasswordLength: 12,
      RequireSymbols: true,
      RequireUppercaseCharacters: true,
      PasswordReusePrevention: 2,
      MaxPasswordAge: 90,
    }),
  )
  assert.deepEqual((await iam.send(new GetAccountPasswordPolicyCommand({}))).PasswordPolicy, {
    MinimumPasswordLength: 12,
    RequireSymbols: true,
    RequireNumbers: false,
    RequireUppercaseCharacters: true,
    RequireLowercaseCharacters: false,
    AllowUsersToChangePassword: false,
    ExpirePasswords: true,
    MaxPasswordAge: 90,
    PasswordReusePrevention: 2,
    HardExpiry: false,
  })
  const refused = (password: string, message: string) =>
    assert.rejects(change(mine, FIRST, password), { name: 'PasswordPolicyViolationException', message })
  await refused('Short-1', 'Password should have a minimum length of 12')
  await refused('nocapitals-here', 'Password should have at least one uppercase letter')
  await refused('NoSymbolsInHere', 'Password should have at least one symbol')
  const reused = 'Policy constraint violation with password reuse prevention during password change.'
  await refused(FIRST, reused)
  await change(mine, FIRST, 'Second-Password')
  await assert.rejects(change(mine, 'Second-Password', FIRST), { message: reused })
  await change(mine, 'Second-Password', 'Third-Password')
  await change(mine, 'Third-Password', FIRST)
  await iam.send(new DeleteAccountPasswordPolicyCommand({}))
  await assert.rejects(iam.send(new GetAccountPasswordPolicyCommand({})), missing)
  await assert.rejects(iam.send(new DeleteAccountPasswordPolicyCommand({})), {
    ...missing,
    message: 'The account policy with name PasswordPolicy cannot be found.',
  })
})

test('without a policy of the account a password has eight characters of three kinds', async () => {
  await using server = await startServer()
  const iam = server.client(IAMClient)
  await iam.send(new CreateUserCommand({ UserName }))
  const refused = (Password: string) =>
    assert.rejects(iam.send(new CreateLoginProfileCommand({ UserName, Password })), {
      name: 'PasswordPolicyViolationException',
    })
  await refused('Abc-123')
  await refused('abcdefgh1234')
  await iam.send(new CreateLoginProfileCommand({ UserName, Password: 'abcdefgh-1234' }))
})

test('users may change their password without a policy of their own if that of the account says so', async () => {
  await using server = await startServer()
  const iam = server.client(IAMClient)
  const mine = await aUserWithPassword(server, false)
  await assert.rejects(change(mine, FIRST, 'Next-Horse-2'), /not authorized to perform: iam:ChangePassword/)
  await iam.send(new UpdateAccountPasswordPolicyCommand({ AllowUsersToChangePassword: true }))
  await change(mine, FIRST, 'Next-Horse-2')
})

function change(client: IAMClient, OldPassword: string, NewPassword: string) {
  return client.send(new ChangePasswordCommand({ OldPassword, NewPassword }))
}

/** A client of a user with the password `FIRST`, who may change it unless told otherwise. */
async function aUserWithPassword(server: TestServer, mayChange = true): Promise<IAMClient> {
  const iam = server.client(IAMClient)
  await iam.send(new CreateUserCommand({ UserName }))
  await iam.send(new CreateLoginProfileCommand({ UserName, Password: FIRST }))
  const PolicyArn = 'arn:aws:iam::aws:policy/IAMUserChangePassword'
  if (mayChange) await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
  const credentials = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
  return server.client(IAMClient, { credentials })
}
