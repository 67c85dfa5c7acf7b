import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import type { ListSignInsResult } from '@steward/model/generated/steward.ts'
import { DATABASES, startServer, type TestServer } from '@steward/testkit'
import { aPerson, type Credentials, credentialsOf, PASSWORD, refusal, steward } from '../testing/people.ts'

const MINUTE_MS = 60_000

async function signIn(server: TestServer, UserName: string): Promise<Credentials> {
  return credentialsOf(await steward(server, 'SignIn', { UserName, Password: PASSWORD }))
}

async function signedIn(
  server: TestServer,
  input: { MaxResults?: number; NextToken?: string } = {},
  credentials: Credentials | null = server.house.rootKey as never,
): Promise<ListSignInsResult> {
  const answer = await steward(server, 'ListSignIns', input, credentials)
  assert.equal(answer.status, 200, answer.text)
  return answer.json as unknown as ListSignInsResult
}

const namesOf = ({ SignIns }: ListSignInsResult) => SignIns.map(({ PrincipalArn }) => PrincipalArn!.split('/')[1])

for (const database of DATABASES) {
  test(`who is signed in is listed, page by page, and signed out by others at once, on record (${database})`, async () => {
    await using server = await startServer({ database })
    await aPerson(server, 'ann')
    await aPerson(server, 'boss', { Action: ['steward:ListSignIns', 'steward:EndSignIn'] })
    const ann = await signIn(server, 'ann')
    await server.advance(MINUTE_MS)
    const boss = await signIn(server, 'boss')

    const all = await signedIn(server, {}, boss)
    assert.deepEqual(namesOf(all), ['boss', 'ann'])
    const { SignInId, SignedInAt, ExpiresAt, EndsAt, ...rest } = all.SignIns[1]!
    assert.deepEqual(rest, {
      PrincipalArn: 'arn:aws:iam::000000000000:user/ann',
      Method: 'Password',
      SourceIp: '127.0.0.1',
      IsCaller: false,
    })
    assert.deepEqual([Number(ExpiresAt) - Number(SignedInAt), Number(EndsAt) - Number(SignedInAt)], [1800, 43_200])
    assert.equal(all.SignIns[0]!.IsCaller, true)

    const first = await signedIn(server, { MaxResults: 1 })
    assert.deepEqual(namesOf(first), ['boss'])
    const second = await signedIn(server, { MaxResults: 1, NextToken: first.NextToken! })
    assert.deepEqual([namesOf(second), second.NextToken], [['ann'], undefined])

    assert.equal((await steward(server, 'EndSignIn', { SignInId: SignInId! }, boss)).status, 200)
    assert.equal(refusal(await steward(server, 'RenewSignIn', {}, ann)), 'ExpiredTokenException')
    assert.deepEqual(namesOf(await signedIn(server)), ['boss'])
    const again = await steward(server, 'EndSignIn', { SignInId: SignInId! }, boss)
    assert.deepEqual([again.status, refusal(again)], [404, 'SignInNotFoundException'])

    await server.settle()
    const found = await server
      .client(CloudTrailClient)
      .send(new LookupEventsCommand({ LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'EndSignIn' }] }))
    const records = found.Events!.map(({ CloudTrailEvent }) => JSON.parse(CloudTrailEvent!)).reverse()
    assert.deepEqual(
      records.map(({ userIdentity, errorCode }) => [userIdentity.userName, errorCode]),
      [
        ['boss', undefined],
        ['boss', 'SignInNotFoundException'],
      ],
    )
    assert.deepEqual(records[0].requestParameters, { signInId: SignInId })
  })
}

async function assume(server: TestServer, credentials: Credentials, role: string): Promise<Credentials> {
  const RoleArn = `arn:aws:iam::000000000000:role/${role}`
  const { Credentials: given } = await server
    .client(STSClient, { credentials })
    .send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'ann' }))
  return {
    accessKeyId: given!.AccessKeyId!,
    secretAccessKey: given!.SecretAccessKey!,
    sessionToken: given!.SessionToken!,
  }
}

const mayStill = async (server: TestServer, credentials: Credentials) =>
  server
    .client(STSClient, { credentials })
    .send(new GetCallerIdentityCommand({}))
    .then(
      () => 'yes',
      ({ name }: Error) => name,
    )

for (const database of DATABASES) {
  test(`with a sign-in that is ended end the roles that were assumed in it, one by way of another, and no others (${database})`, async () => {
    await using server = await startServer({ database })
    const iam = server.client(IAMClient)
    const AssumeRolePolicyDocument = policy({ Principal: { AWS: '000000000000' }, Action: 'sts:AssumeRole' })
    for (const RoleName of ['one', 'two']) {
      await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }))
      const PolicyDocument = policy({ Action: 'sts:AssumeRole', Resource: '*' })
      await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument }))
    }
    await aPerson(server, 'ann', { Action: ['sts:AssumeRole', 'steward:SignOut'] })
    const [first, second] = [await signIn(server, 'ann'), await signIn(server, 'ann')]
    const one = await assume(server, first, 'one')
    const two = await assume(server, one, 'two')
    const other = await assume(server, second, 'one')
    assert.equal((await steward(server, 'SignOut', {}, second)).status, 200)
    const [{ SignInId } = {}] = (await signedIn(server)).SignIns
    assert.deepEqual([await mayStill(server, one), await mayStill(server, two)], ['yes', 'yes'])

    assert.equal(
      (await steward(server, 'EndSignIn', { SignInId: SignInId! }, server.house.rootKey as never)).status,
      200,
    )
    for (const credentials of [first, one, two]) assert.equal(await mayStill(server, credentials), 'ExpiredToken')
    assert.equal(await mayStill(server, other), 'yes', 'who signs out keeps the roles that were assumed')
    await server.advance(13 * 60 * MINUTE_MS)
    assert.equal(await mayStill(server, one), 'ExpiredToken', 'by themselves, when the end is forgotten')
  })
}

function policy(statement: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] })
}

test('who was idle for too long is not listed, and a sign-in is nothing to others without the permission', async () => {
  await using server = await startServer()
  await aPerson(server, 'ann')
  await signIn(server, 'ann')
  await server.advance(31 * MINUTE_MS)
  assert.deepEqual((await signedIn(server)).SignIns, [])
  const ann = await signIn(server, 'ann')
  const [own] = (await signedIn(server)).SignIns
  for (const answer of [
    await steward(server, 'ListSignIns', {}, ann),
    await steward(server, 'EndSignIn', { SignInId: own!.SignInId! }, ann),
  ])
    assert.equal(refusal(answer), 'AccessDeniedException')
})
