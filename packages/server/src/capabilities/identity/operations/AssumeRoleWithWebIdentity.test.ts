import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import {
  AddClientIDToOpenIDConnectProviderCommand,
  CreateOpenIDConnectProviderCommand,
  DeleteOpenIDConnectProviderCommand,
  GetOpenIDConnectProviderCommand,
  IAMClient,
  ListOpenIDConnectProvidersCommand,
  RemoveClientIDFromOpenIDConnectProviderCommand,
  UpdateOpenIDConnectProviderThumbprintCommand,
} from '@aws-sdk/client-iam'
import { ListCommandsCommand, SSMClient } from '@aws-sdk/client-ssm'
import {
  AssumeRoleWithWebIdentityCommand,
  type AssumeRoleWithWebIdentityCommandInput,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts'
import { startServer, type TestServer } from '@steward/testkit'
import { tlsMaterial } from '#door/certificate.ts'
import { DataDirectory } from '#kernel/data-directory.ts'
import { allowing, aRole, keysOf, stsOf, trusting } from '../testing/account.ts'
import { Issuer } from '../testing/issuer.ts'

async function register(server: TestServer, issuer: Issuer, ThumbprintList: string[] = []) {
  const { OpenIDConnectProviderArn } = await server
    .client(IAMClient)
    .send(new CreateOpenIDConnectProviderCommand({ Url: issuer.url, ClientIDList: ['app'], ThumbprintList }))
  return { name: issuer.url.split('://')[1]!, arn: OpenIDConnectProviderArn! }
}

/** Nobody signs these requests. */
function assume(server: TestServer, RoleArn: string, WebIdentityToken: string, more: object = {}) {
  const input: AssumeRoleWithWebIdentityCommandInput = { RoleArn, RoleSessionName: 'build', WebIdentityToken, ...more }
  return server.client(STSClient).send(new AssumeRoleWithWebIdentityCommand(input))
}

test('a token of a trusted issuer is exchanged for a session of the role that its subject may have', async () => {
  await using issuer = await Issuer.start()
  await using server = await startServer()
  const provider = await register(server, issuer)
  const trust = trusting(
    { Federated: provider.arn },
    {
      Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'],
      Condition: {
        StringEquals: { [`${provider.name}:aud`]: 'app' },
        StringLike: { [`${provider.name}:sub`]: 'repo:*' },
      },
    },
  )
  const policy = allowing({
    Action: 'ssm:ListCommands',
    Condition: { StringEquals: { 'aws:FederatedProvider': provider.arn, 'aws:PrincipalTag/team': 'blue' } },
  })
  const role = await aRole(server, 'builder', trust, { policy })
  const now = server.house.clock.now()
  const tags = { 'https://aws.amazon.com/tags': { principal_tags: { team: ['blue'] } } }
  const answer = await assume(server, role.arn, await issuer.token(now, tags))
  assert.equal(answer.SubjectFromWebIdentityToken, 'repo:main')
  assert.equal(answer.Audience, 'app')
  assert.equal(answer.Provider, provider.arn)
  assert.equal(answer.AssumedRoleUser!.AssumedRoleId, `${role.id}:build`)
  const me = await stsOf(server, keysOf(answer)).send(new GetCallerIdentityCommand({}))
  assert.equal(me.Arn, 'arn:aws:sts::000000000000:assumed-role/builder/build')
  await server.client(SSMClient, { credentials: keysOf(answer) }).send(new ListCommandsCommand({}))

  const flat = { 'https://aws.amazon.com/tags/principal_tags/team': 'blue' }
  const other = keysOf(await assume(server, role.arn, await issuer.token(now, flat)))
  await server.client(SSMClient, { credentials: other }).send(new ListCommandsCommand({}))
  const wrong = await issuer.token(now, { 'https://aws.amazon.com/tags': 'team=blue' })
  await assert.rejects(assume(server, role.arn, wrong), { name: 'InvalidIdentityTokenException' })

  const asked = issuer.requests
  await assume(server, role.arn, await issuer.token(now))
  assert.equal(issuer.requests, asked, 'the keys of the issuer are remembered')
  const denied = { name: 'AccessDenied', message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity' }
  await assert.rejects(assume(server, role.arn, await issuer.token(now, { sub: 'other:main' })), denied)
  await assert.rejects(assume(server, `${role.arn}-not`, await issuer.token(now)), denied)
  await assert.rejects(assume(server, 'arn:aws:iam:::role/of-nobody', await issuer.token(now)), {
    name: 'ValidationError',
    message: 'Request ARN is invalid',
  })
  const byService = await aRole(server, 'by-service', trusting({ Service: 'ssm.amazonaws.com' }))
  await assert.rejects(assume(server, byService.arn, await issuer.token(now)), denied)
  await assert.rejects(assume(server, role.arn, await issuer.token(now), { DurationSeconds: 3601 }), {
    name: 'ValidationError',
  })
})

test('X-19 the audit trail says who was proven by a token, also when the role does not trust that subject', async () => {
  await using issuer = await Issuer.start()
  await using server = await startServer()
  const provider = await register(server, issuer)
  const Condition = { StringEquals: { [`${provider.name}:sub`]: 'repo:main' } }
  const trust = trusting({ Federated: provider.arn }, { Action: 'sts:AssumeRoleWithWebIdentity', Condition })
  const role = await aRole(server, 'builder', trust)
  const now = server.house.clock.now()
  await assume(server, role.arn, await issuer.token(now))
  await assert.rejects(assume(server, role.arn, await issuer.token(now, { sub: 'repo:fork' })), {
    name: 'AccessDenied',
  })
  await assert.rejects(assume(server, role.arn, await issuer.token(now, { sub: 'repo:main' }, true)))
  await server.settle()
  const trail = server.client(CloudTrailClient)
  for (const userName of ['repo:main', 'repo:fork']) {
    const { Events } = await trail.send(
      new LookupEventsCommand({ LookupAttributes: [{ AttributeKey: 'Username', AttributeValue: userName }] }),
    )
    assert.equal(Events!.length, 1, 'a forged token proves nobody')
    assert.deepEqual(JSON.parse(Events![0]!.CloudTrailEvent!).userIdentity, {
      type: 'WebIdentityUser',
      principalId: `${provider.arn}:app:${userName}`,
      userName,
      identityProvider: provider.arn,
    })
  }
})

test('a token that is forged, foreign, old, or for somebody else is refused', async () => {
  await using issuer = await Issuer.start()
  await using server = await startServer()
  const role = await aRole(server, 'builder', trusting({ AWS: '*' }, { Action: 'sts:AssumeRoleWithWebIdentity' }))
  const now = server.house.clock.now()
  const attempt = (token: string) => assume(server, role.arn, token)
  const invalid = { name: 'InvalidIdentityTokenException' }
  await assert.rejects(attempt('not-a-token'), invalid)
  await assert.rejects(attempt(await issuer.token(now)), {
    ...invalid,
    message: `No OpenIDConnect provider found in your account for ${issuer.url}`,
  })
  assert.equal(issuer.requests, 0, 'nobody is asked whom the account does not trust')
  await register(server, issuer)
  await attempt(await issuer.token(now))
  await assert.rejects(attempt(await issuer.token(now, {}, true)), invalid)
  await assert.rejects(attempt(await issuer.token(now, { aud: 'another' })), {
    ...invalid,
    message: 'Incorrect token audience',
  })
  await assert.rejects(attempt(await issuer.token(now, { aud: 'app', azp: 'another' })), invalid)
  const expired = attempt(await issuer.token(new Date(now.getTime() - 3_600_000)))
  await assert.rejects(expired, {
    name: 'ExpiredTokenException',
    message: /^Token expired: current date\/time \d+ must be before the expiration date\/time \d+$/,
  })
  assert.equal((await expired.catch((error) => error)).$metadata.httpStatusCode, 400)
  const [header, payload] = (await issuer.token(now)).split('.')
  const unsigned = Buffer.from('{"alg":"none"}').toString('base64url')
  await assert.rejects(attempt(`${unsigned}.${payload}.`), invalid)
  await assert.rejects(attempt(`${header}.${payload}.AAAA`), invalid)
})

test('an issuer that changes its keys is understood at once, whatever it calls them', async () => {
  await using issuer = await Issuer.start()
  await using server = await startServer()
  const role = await aRole(server, 'builder', trusting({ AWS: '*' }, { Action: 'sts:AssumeRoleWithWebIdentity' }))
  await register(server, issuer)
  const now = server.house.clock.now()
  const old = await issuer.token(now)
  await assume(server, role.arn, old)
  for (const kid of ['two', 'two']) {
    await issuer.changeKey(kid)
    await assume(server, role.arn, await issuer.token(now))
  }
  const invalid = { name: 'InvalidIdentityTokenException' }
  await assert.rejects(assume(server, role.arn, old), invalid)
  const forged = await issuer.token(now, {}, true)
  for (let attempt = 0; attempt < 20; attempt++) await assert.rejects(assume(server, role.arn, forged), invalid)
  assert.ok(issuer.requests < 15, 'forged tokens do not flood the issuer')
})

test('an issuer that does not answer is no fault of ours, and is asked again', async () => {
  await using server = await startServer()
  const role = await aRole(server, 'builder', trusting({ AWS: '*' }, { Action: 'sts:AssumeRoleWithWebIdentity' }))
  const issuer = await Issuer.start()
  await register(server, issuer)
  const token = await issuer.token(server.house.clock.now())
  await issuer.stop()
  for (let attempt = 0; attempt < 2; attempt++) {
    await assert.rejects(assume(server, role.arn, token), { name: 'IDPCommunicationErrorException' })
  }
})

test('an issuer whose keys are not to be had cannot prove anything until they are', async () => {
  await using issuer = await Issuer.start()
  await using server = await startServer()
  const role = await aRole(server, 'builder', trusting({ AWS: '*' }, { Action: 'sts:AssumeRoleWithWebIdentity' }))
  await register(server, issuer)
  const token = await issuer.token(server.house.clock.now())
  issuer.keysAreLost = true
  await assert.rejects(assume(server, role.arn, token), { name: 'IDPCommunicationErrorException' })
  issuer.keysAreLost = false
  await assume(server, role.arn, token)
})

test('an issuer of a private authority is trusted by a thumbprint of its chain, and by no other', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'steward-issuer-'))
  const { key, cert, caPem } = await tlsMaterial(new DataDirectory(folder), ['127.0.0.1'], new Date())
  rmSync(folder, { recursive: true })
  const thumbprint = (pem: string) => new X509Certificate(pem).fingerprint.replaceAll(':', '').toLowerCase()
  const attempt = async (...thumbprints: string[]) => {
    await using issuer = await Issuer.start({ key, cert })
    await using server = await startServer()
    const role = await aRole(server, 'builder', trusting({ AWS: '*' }, { Action: 'sts:AssumeRoleWithWebIdentity' }))
    await register(server, issuer, thumbprints)
    return await assume(server, role.arn, await issuer.token(server.house.clock.now()))
  }
  await attempt(thumbprint(caPem))
  await attempt('0'.repeat(40), thumbprint(cert))
  await assert.rejects(attempt('0'.repeat(40)), { name: 'IDPCommunicationErrorException' })
  await assert.rejects(attempt(), { name: 'IDPCommunicationErrorException' })
})

test('issuers are registered once by their URL, changed and forgotten', async () => {
  await using server = await startServer()
  const iam = server.client(IAMClient)
  const create = (Url: string, more: object = {}) => iam.send(new CreateOpenIDConnectProviderCommand({ Url, ...more }))
  const ThumbprintList = ['0123456789012345678901234567890123456789']
  const Tags = [{ Key: 'k', Value: 'v' }]
  const { OpenIDConnectProviderArn: arn } = await create('https://id.example.com/realm/', {
    ClientIDList: ['a', 'a'],
    ThumbprintList,
    Tags,
  })
  assert.equal(arn, 'arn:aws:iam::000000000000:oidc-provider/id.example.com/realm')
  await assert.rejects(create('https://id.example.com/realm'), {
    name: 'EntityAlreadyExistsException',
    message: 'Provider with url https://id.example.com/realm already exists.',
  })
  for (const url of ['http://id.example.com', 'https://id.example.com/?x=y', 'ftp://x', 'nowhere']) {
    await assert.rejects(create(url), { name: 'InvalidInputException' }, url)
  }
  const client = { OpenIDConnectProviderArn: arn! }
  await iam.send(new AddClientIDToOpenIDConnectProviderCommand({ ...client, ClientID: 'b' }))
  await iam.send(new RemoveClientIDFromOpenIDConnectProviderCommand({ ...client, ClientID: 'a' }))
  await iam.send(new UpdateOpenIDConnectProviderThumbprintCommand({ ...client, ThumbprintList }))
  const read = () => iam.send(new GetOpenIDConnectProviderCommand(client))
  const found = await read()
  assert.deepEqual(
    [found.Url, found.ClientIDList, found.ThumbprintList, found.Tags],
    ['id.example.com/realm', ['b'], ThumbprintList, Tags],
  )
  const { OpenIDConnectProviderList } = await iam.send(new ListOpenIDConnectProvidersCommand({}))
  assert.deepEqual(OpenIDConnectProviderList, [{ Arn: arn }])
  await iam.send(new DeleteOpenIDConnectProviderCommand(client))
  await iam.send(new DeleteOpenIDConnectProviderCommand(client))
  await assert.rejects(read(), {
    name: 'NoSuchEntityException',
    message: `OpenIDConnect Provider not found for arn ${arn}`,
  })
})
