import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import { IAMClient, ListUsersCommand } from '@aws-sdk/client-iam'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { DATABASES, startServer, type TestServer } from '@steward/testkit'
import { codeNumberAt, codeOf } from '../../iam/totp.ts'
import { aDevice, aPerson, credentialsOf, PASSWORD, refusal, steward } from '../testing/people.ts'

const MINUTE_MS = 60_000

/** The records of attempts to sign in, the oldest first. */
async function attempts(server: TestServer): Promise<Record<string, unknown>[]> {
  await server.settle()
  const { Events = [] } = await server.client(CloudTrailClient).send(
    new LookupEventsCommand({
      LookupAttributes: [{ AttributeKey: 'EventSource', AttributeValue: 'signin.amazonaws.com' }],
    }),
  )
  return Events.map(({ CloudTrailEvent }) => JSON.parse(CloudTrailEvent!)).reverse()
}

async function whoIs(server: TestServer, credentials: ReturnType<typeof credentialsOf>): Promise<string | undefined> {
  return (await server.client(STSClient, { credentials }).send(new GetCallerIdentityCommand({}))).Arn
}

for (const database of DATABASES) {
  test(`a user signs in with a password, may do what its policies say, and is nobody once it signed out (${database})`, async () => {
    await using server = await startServer({ database })
    await aPerson(server, 'ann', { Action: ['iam:ListUsers'] })
    const answer = await steward(server, 'SignIn', { UserName: 'ann', Password: PASSWORD })
    assert.equal(answer.status, 200, answer.text)
    assert.deepEqual(answer.json.Principal, {
      Account: '000000000000',
      Arn: 'arn:aws:iam::000000000000:user/ann',
      Kind: 'User',
      Name: 'ann',
      MfaAuthenticated: false,
    })
    const credentials = credentialsOf(answer)
    assert.equal(await whoIs(server, credentials), 'arn:aws:iam::000000000000:user/ann')
    const { Users } = await server.client(IAMClient, { credentials }).send(new ListUsersCommand({}))
    assert.deepEqual(
      Users!.map(({ UserName, PasswordLastUsed }) => [UserName, PasswordLastUsed instanceof Date]),
      [['ann', true]],
    )

    const renewed = credentialsOf(await steward(server, 'RenewSignIn', {}, credentials))
    assert.equal((await steward(server, 'SignOut', {}, renewed)).status, 200)
    for (const gone of [credentials, renewed]) await assert.rejects(whoIs(server, gone), { name: 'ExpiredToken' })
  })

  test(`a link signs in one person, also when two follow it at once (${database})`, async () => {
    await using server = await startServer({ database })
    const link = await steward(server, 'CreateSignInLink', {}, server.house.rootKey as never)
    const url = new URL(String(link.json.Url))
    assert.equal(`${url.origin}${url.pathname}${url.search}`, `${server.url}/console/`)
    const OneTimeCode = url.hash.split('one-time=')[1]!
    const answers = await Promise.all([1, 2, 3].map(() => steward(server, 'SignIn', { OneTimeCode })))
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 403, 403])
    const root = credentialsOf(answers.find(({ status }) => status === 200)!)
    assert.equal(await whoIs(server, root), 'arn:aws:iam::000000000000:root')

    const late = await steward(server, 'CreateSignInLink', {}, root)
    await server.advance(11 * MINUTE_MS)
    const tooLate = await steward(server, 'SignIn', { OneTimeCode: String(late.json.Url).split('one-time=')[1]! })
    assert.equal(refusal(tooLate), 'SignInRefusedException')
  })

  test(`wrong passwords are refused alike whoever is meant, and after five the next must wait (${database})`, async () => {
    await using server = await startServer({ database })
    await aPerson(server, 'ann')
    const attempt = (UserName: string, Password: string) => steward(server, 'SignIn', { UserName, Password })
    const refused = await Promise.all(
      ['ann', 'ann', 'ann', 'ann', 'ann', 'nobody'].map((name) => attempt(name, 'wrong')),
    )
    assert.deepEqual(new Set(refused.map(refusal)), new Set(['SignInRefusedException']))
    assert.equal(new Set(refused.map(({ text }) => text)).size, 1)
    for (let more = 0; more < 6; more++) {
      await server.advance(MINUTE_MS)
      assert.equal(refusal(await attempt('ann', 'wrong')), 'SignInRefusedException')
    }
    await server.advance(2 * MINUTE_MS)
    const atOnce = await Promise.all(Array.from('1234', (guess) => attempt('ann', guess)))
    assert.deepEqual(atOnce.map(refusal).sort(), [
      'SignInRefusedException',
      ...Array(3).fill('TooManyAttemptsException'),
    ])
    assert.equal(refusal(await attempt('ann', PASSWORD)), 'TooManyAttemptsException')
    await server.advance(5 * MINUTE_MS)
    assert.equal((await attempt('ann', PASSWORD)).status, 200)
  })
}

test('credentials live half an hour, renewed ones twelve hours at most', async () => {
  await using server = await startServer()
  await aPerson(server, 'ann')
  const signedIn = await steward(server, 'SignIn', { UserName: 'ann', Password: PASSWORD })
  let credentials = credentialsOf(signedIn)
  for (let passed = 0; passed < 12 * 60 - 20; passed += 20) {
    await server.advance(20 * MINUTE_MS)
    const renewed = await steward(server, 'RenewSignIn', {}, credentials)
    assert.equal(renewed.status, 200, `after ${passed + 20} minutes: ${renewed.text}`)
    assert.equal(renewed.json.EndsAt, signedIn.json.EndsAt)
    credentials = credentialsOf(renewed)
  }
  await server.advance(20 * MINUTE_MS)
  assert.equal(refusal(await steward(server, 'RenewSignIn', {}, credentials)), 'ExpiredTokenException')

  const idle = credentialsOf(await steward(server, 'SignIn', { UserName: 'ann', Password: PASSWORD }))
  await server.advance(31 * MINUTE_MS)
  assert.equal(refusal(await steward(server, 'RenewSignIn', {}, idle)), 'ExpiredTokenException')
})

test('a link made by a session does not make it longer', async () => {
  await using server = await startServer()
  const link = async (credentials: ReturnType<typeof credentialsOf>) => {
    const made = await steward(server, 'CreateSignInLink', {}, credentials)
    return steward(server, 'SignIn', { OneTimeCode: String(made.json.Url).split('one-time=')[1]! })
  }
  const first = await link(server.house.rootKey as never)
  await server.advance(20 * MINUTE_MS)
  const second = await link(credentialsOf(first))
  assert.equal(second.json.EndsAt, first.json.EndsAt)
})

test('a code is asked for where there is a device, and is good once', async () => {
  await using server = await startServer()
  await aPerson(server, 'ann')
  const now = () => codeNumberAt(server.house.clock.now())
  const seed = await aDevice(server, 'ann', (seed) => [codeOf(seed, now() - 1), codeOf(seed, now())])
  await server.advance(2 * MINUTE_MS)
  const signIn = (MfaCode?: string) => steward(server, 'SignIn', { UserName: 'ann', Password: PASSWORD, MfaCode })
  const asked = await signIn()
  assert.deepEqual([asked.status, asked.json], [200, { Challenge: 'MfaRequired' }])
  assert.equal(refusal(await signIn('000000')), 'SignInRefusedException')
  const code = codeOf(seed, now())
  const entered = await signIn(code)
  assert.equal((entered.json.Principal as { MfaAuthenticated: boolean }).MfaAuthenticated, true)
  assert.equal(refusal(await signIn(code)), 'SignInRefusedException')
  const records = await attempts(server)
  assert.deepEqual(
    records.map(({ eventName, responseElements, additionalEventData }) => [
      eventName,
      Object.values(responseElements as object)[0],
      (additionalEventData as { MFAUsed: string }).MFAUsed,
    ]),
    [
      ['CheckMfa', 'Success', 'No'],
      ['ConsoleLogin', 'Failure', 'Yes'],
      ['ConsoleLogin', 'Success', 'Yes'],
      ['ConsoleLogin', 'Failure', 'Yes'],
    ],
  )
})

test('a password that must be changed is changed while signing in', async () => {
  await using server = await startServer()
  await aPerson(server, 'ann', { PasswordResetRequired: true })
  const signIn = (Password: string, NewPassword?: string) =>
    steward(server, 'SignIn', { UserName: 'ann', Password, NewPassword })
  assert.deepEqual((await signIn(PASSWORD)).json, { Challenge: 'PasswordChangeRequired' })
  assert.equal(refusal(await signIn(PASSWORD, 'short')), 'PasswordPolicyViolation')
  assert.equal((await signIn(PASSWORD, 'Another horse 2')).status, 200)
  assert.equal(refusal(await signIn(PASSWORD)), 'SignInRefusedException')
  assert.equal((await signIn('Another horse 2')).status, 200)
  assert.equal(refusal(await signIn('Another horse 2', 'Yet another 3')), 'ValidationException')
})

test('every attempt is on the audit trail as AWS writes it, without what was typed', async () => {
  await using server = await startServer()
  await aPerson(server, 'ann')
  await steward(server, 'SignIn', { UserName: 'my-secret-password', Password: 'wrong' })
  await steward(server, 'SignIn', { UserName: 'ann', Password: 'wrong' })
  await steward(server, 'SignIn', { UserName: 'ann', Password: PASSWORD })
  const records = await attempts(server)
  assert.deepEqual(
    records.map(({ userIdentity, responseElements, eventType }) => [
      (userIdentity as { userName: string }).userName,
      responseElements,
      eventType,
    ]),
    [
      ['HIDDEN_DUE_TO_SECURITY_REASONS', { ConsoleLogin: 'Failure' }, 'AwsConsoleSignIn'],
      ['ann', { ConsoleLogin: 'Failure' }, 'AwsConsoleSignIn'],
      ['ann', { ConsoleLogin: 'Success' }, 'AwsConsoleSignIn'],
    ],
  )
  assert.doesNotMatch(JSON.stringify(records), /my-secret-password|wrong|horse/)
  const signIns = await server
    .client(CloudTrailClient)
    .send(new LookupEventsCommand({ LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'SignIn' }] }))
  assert.deepEqual(signIns.Events, [])
})

test('one proof is given, and whole', async () => {
  await using server = await startServer()
  for (const input of [
    {},
    { UserName: 'ann' },
    { UserName: 'a', Password: 'b', OneTimeCode: 'c' },
    { State: 'a', Code: 'b' },
  ])
    assert.equal(refusal(await steward(server, 'SignIn', input)), 'ValidationException')
})

test('whoever is about to sign in is told how', async () => {
  await using server = await startServer()
  assert.deepEqual((await steward(server, 'GetSignInOptions', {})).json, {
    Account: '000000000000',
    Region: 'us-east-1',
    Password: true,
    Providers: [],
    TestMode: true,
  })
})
