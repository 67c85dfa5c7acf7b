import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam'
import {
  CreateGrantCommand,
  type CreateGrantCommandInput,
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  type GrantConstraints,
  type GrantOperation,
  KMSClient,
  ListGrantsCommand,
  ListRetirableGrantsCommand,
  PutKeyPolicyCommand,
  ReEncryptCommand,
  RetireGrantCommand,
  RevokeGrantCommand,
  TagResourceCommand,
} from '@aws-sdk/client-kms'
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { DATABASES, type DatabaseKind, startServer } from '@steward/testkit'

const Plaintext = Buffer.from('plain')
const denied = { name: 'AccessDeniedException' }

async function start(database: DatabaseKind = 'sqlite') {
  const server = await startServer({ database })
  const kms = server.client(KMSClient)
  const iam = server.client(IAMClient)
  const { KeyId, Arn } = (await kms.send(new CreateKeyCommand({}))).KeyMetadata!
  /** A user of that name, with these statements as its policy, and its client. */
  const user = async (UserName: string, ...statements: object[]) => {
    const { User } = await iam.send(new CreateUserCommand({ UserName }))
    if (statements.length > 0) {
      const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: statements })
      await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'p', PolicyDocument }))
    }
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
    const credentials = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
    return { arn: User!.Arn!, kms: server.client(KMSClient, { credentials }) }
  }
  const grant = (input: Omit<CreateGrantCommandInput, 'KeyId'>, client = kms) =>
    client.send(new CreateGrantCommand({ KeyId, ...input }))
  const setPolicy = (...statements: object[]) =>
    kms.send(
      new PutKeyPolicyCommand({
        KeyId,
        Policy: JSON.stringify({ Version: '2012-10-17', Statement: statements }),
        BypassPolicyLockoutSafetyCheck: true,
      }),
    )
  return { server, kms, KeyId, Arn, user, grant, setPolicy, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

const allow = (Action: string | string[], more = {}) => ({ Effect: 'Allow', Action, Resource: '*', ...more })

for (const kind of DATABASES) {
  test(`a grant lets its grantee use the key, in the encryption contexts it names, until it is revoked (${kind})`, async () => {
    await using the = await start(kind)
    const { KeyId } = the
    const ann = await the.user('ann')
    const encrypt = (EncryptionContext?: Record<string, string>, client = ann.kms) =>
      client.send(new EncryptCommand({ KeyId, Plaintext, EncryptionContext }))
    await assert.rejects(encrypt(), denied)
    const { GrantId, GrantToken } = await the.grant({
      GranteePrincipal: ann.arn,
      Operations: ['Encrypt', 'Decrypt', 'DescribeKey'],
      Constraints: { EncryptionContextSubset: { tenant: 'a' } },
    })
    assert.match(GrantId!, /^[0-9a-f]{64}$/)
    const { CiphertextBlob } = await encrypt({ tenant: 'a', more: 'b' })
    const EncryptionContext = { tenant: 'a', more: 'b' }
    await ann.kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext, GrantTokens: [GrantToken!] }))
    await ann.kms.send(new DescribeKeyCommand({ KeyId }))
    const others: (Record<string, string> | undefined)[] = [undefined, { tenant: 'b' }, { more: 'b' }]
    for (const context of others) await assert.rejects(encrypt(context), denied)
    await assert.rejects(
      ann.kms.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256', EncryptionContext })),
      denied,
    )
    const bob = await the.user('bob')
    await assert.rejects(encrypt({ tenant: 'a' }, bob.kms), denied)

    await the.kms.send(new RevokeGrantCommand({ KeyId, GrantId }))
    await assert.rejects(encrypt({ tenant: 'a' }), denied)
    await assert.rejects(the.kms.send(new RevokeGrantCommand({ KeyId, GrantId })), {
      name: 'NotFoundException',
      message: `Grant ID ${GrantId} not found`,
    })
  })
}

test('a grant with EncryptionContextEquals wants these pairs and no others', async () => {
  await using the = await start()
  const ann = await the.user('ann')
  const EncryptionContextEquals = { a: '1', b: '2' }
  await the.grant({ GranteePrincipal: ann.arn, Operations: ['Encrypt'], Constraints: { EncryptionContextEquals } })
  const encrypt = (EncryptionContext?: Record<string, string>) =>
    ann.kms.send(new EncryptCommand({ KeyId: the.KeyId, Plaintext, EncryptionContext }))
  await encrypt({ b: '2', a: '1' })
  const others: (Record<string, string> | undefined)[] = [
    undefined,
    { a: '1' },
    { a: '1', b: '2', c: '3' },
    { a: '1', b: '3' },
  ]
  for (const context of others) await assert.rejects(encrypt(context), denied)
})

test('of the two constraints one counts; the other may be there if it is empty', async () => {
  await using the = await start()
  const ann = await the.user('ann')
  const grant = (Constraints: GrantConstraints) =>
    the.grant({ GranteePrincipal: ann.arn, Operations: ['Decrypt'], Constraints })
  const pairs = { a: '1' }
  await assert.rejects(grant({ EncryptionContextEquals: pairs, EncryptionContextSubset: pairs }), {
    name: 'ValidationException',
  })
  await grant({ EncryptionContextEquals: pairs, EncryptionContextSubset: {} })
  await grant({ EncryptionContextEquals: {}, EncryptionContextSubset: pairs })
  const { Grants } = await the.kms.send(new ListGrantsCommand({ KeyId: the.KeyId }))
  assert.deepEqual(
    new Set(Grants!.map(({ Constraints }) => Object.keys(Constraints!).join())),
    new Set(['EncryptionContextEquals', 'EncryptionContextSubset']),
  )
})

test('grants are listed in pages, by key, grantee and who may retire them', async () => {
  await using the = await start()
  const [ann, bob] = [await the.user('ann'), await the.user('bob')]
  const ids: string[] = []
  for (const GranteePrincipal of [ann.arn, ann.arn, bob.arn]) {
    const RetiringPrincipal = GranteePrincipal === bob.arn ? ann.arn : undefined
    const { GrantId } = await the.grant({
      GranteePrincipal,
      RetiringPrincipal,
      Operations: ['Decrypt'],
      Name: `n${ids.length}`,
    })
    ids.push(GrantId!)
  }
  const { KeyId } = the
  const first = await the.kms.send(new ListGrantsCommand({ KeyId, Limit: 2 }))
  const second = await the.kms.send(new ListGrantsCommand({ KeyId, Limit: 2, Marker: first.NextMarker }))
  assert.deepEqual([first.Truncated, second.Truncated], [true, false])
  assert.deepEqual(
    [...first.Grants!, ...second.Grants!].map(({ GrantId }) => GrantId),
    [...ids].sort(),
  )
  const ofBob = await the.kms.send(new ListGrantsCommand({ KeyId, GranteePrincipal: bob.arn }))
  const [{ CreationDate, ...grant } = {}] = ofBob.Grants!
  assert.ok(CreationDate)
  assert.deepEqual(grant, {
    GrantId: ids[2],
    GranteePrincipal: bob.arn,
    IssuingAccount: 'arn:aws:iam::000000000000:root',
    KeyId: the.Arn,
    Name: 'n2',
    Operations: ['Decrypt'],
    RetiringPrincipal: ann.arn,
  })
  const one = await the.kms.send(new ListGrantsCommand({ KeyId, GrantId: ids[0] }))
  assert.equal(one.Grants?.length, 1)
  const retirable = await the.kms.send(new ListRetirableGrantsCommand({ RetiringPrincipal: ann.arn }))
  assert.deepEqual(
    retirable.Grants?.map(({ GrantId }) => GrantId),
    [ids[2]],
  )
})

test('a grant is retired by who it names for that, and by nobody else without a permission', async () => {
  await using the = await start()
  const [ann, bob] = [await the.user('ann'), await the.user('bob')]
  const make = () => the.grant({ GranteePrincipal: ann.arn, RetiringPrincipal: bob.arn, Operations: ['Decrypt'] })
  const [one, two] = [await make(), await make()]
  const { KeyId } = the
  await assert.rejects(ann.kms.send(new RetireGrantCommand({ KeyId, GrantId: one.GrantId })), denied)
  await bob.kms.send(new RetireGrantCommand({ KeyId, GrantId: one.GrantId }))
  await bob.kms.send(new RetireGrantCommand({ GrantToken: two.GrantToken }))
  assert.deepEqual((await the.kms.send(new ListGrantsCommand({ KeyId }))).Grants, [])
  const either = { name: 'ValidationException' }
  await assert.rejects(the.kms.send(new RetireGrantCommand({})), either)
  await assert.rejects(the.kms.send(new RetireGrantCommand({ GrantToken: 'x', KeyId })), either)
})

test('a grantee that may create grants gives away no more than it has', async () => {
  await using the = await start()
  const [ann, bob] = [await the.user('ann'), await the.user('bob')]
  const Constraints = { EncryptionContextSubset: { a: '1' } }
  await the.grant({ GranteePrincipal: ann.arn, Operations: ['Decrypt', 'CreateGrant'], Constraints })
  const GranteePrincipal = bob.arn
  await the.grant({ GranteePrincipal, Operations: ['Decrypt'], Constraints }, ann.kms)
  await assert.rejects(the.grant({ GranteePrincipal, Operations: ['Encrypt'], Constraints }, ann.kms), denied)
  await assert.rejects(the.grant({ GranteePrincipal, Operations: ['Decrypt'] }, ann.kms), denied)
})

test('what a grantee gives away may be bound to narrower encryption contexts than its own, not to wider ones', async () => {
  await using the = await start()
  const [ann, bob, eve] = [await the.user('ann'), await the.user('bob'), await the.user('eve')]
  const Operations: GrantOperation[] = ['Decrypt', 'CreateGrant']
  const may = (client: KMSClient, Constraints?: GrantConstraints) =>
    the.grant({ GranteePrincipal: bob.arn, Operations: ['Decrypt'], Constraints }, client)
  const subset = { EncryptionContextSubset: { a: '1' } }
  const narrower = { EncryptionContextSubset: { a: '1', b: '2' } }
  const exact = { EncryptionContextEquals: { a: '1' } }

  await the.grant({ GranteePrincipal: ann.arn, Operations, Constraints: subset })
  for (const constraints of [subset, narrower, exact]) await may(ann.kms, constraints)
  for (const other of [{ EncryptionContextSubset: { b: '2' } }, { EncryptionContextEquals: { a: '2' } }])
    await assert.rejects(may(ann.kms, other), denied)

  await the.grant({ GranteePrincipal: eve.arn, Operations, Constraints: exact })
  await may(eve.kms, exact)
  for (const wider of [subset, narrower, { EncryptionContextEquals: { a: '1', b: '2' } }])
    await assert.rejects(may(eve.kms, wider), denied)

  const free = await the.user('free')
  await the.grant({ GranteePrincipal: free.arn, Operations })
  for (const constraints of [undefined, subset, exact]) await may(free.kms, constraints)
})

test('a named grant may be asked for again; what no grant can be is refused', async () => {
  await using the = await start()
  const ann = await the.user('ann')
  const input: Omit<CreateGrantCommandInput, 'KeyId'> = {
    GranteePrincipal: ann.arn,
    Operations: ['Decrypt', 'Encrypt'],
    Name: 'mine',
  }
  const { GrantId } = await the.grant(input)
  const again = await the.grant({ ...input, Operations: ['Encrypt', 'Decrypt'] })
  assert.equal(again.GrantId, GrantId)
  assert.notEqual((await the.grant({ ...input, Name: undefined })).GrantId, GrantId)
  assert.notEqual((await the.grant({ ...input, Operations: ['Decrypt'] })).GrantId, GrantId)
  await assert.rejects(the.grant({ ...input, GranteePrincipal: 'ann' }), { name: 'InvalidArnException' })
  await assert.rejects(the.grant({ ...input, Operations: ['Sign'] }), { name: 'ValidationException' })
  await assert.rejects(the.grant({ ...input, DryRun: true }), { name: 'DryRunOperationException' })
})

test('the key policy has the say: it must name the account for policies of its users to count', async () => {
  await using the = await start()
  const { KeyId } = the
  const ann = await the.user('ann', allow('kms:*'))
  const bob = await the.user('bob')
  const encrypt = (client: KMSClient, EncryptionContext?: Record<string, string>) =>
    client.send(new EncryptCommand({ KeyId, Plaintext, EncryptionContext }))
  await encrypt(ann.kms)
  await assert.rejects(encrypt(bob.kms), denied)

  await the.setPolicy(allow('kms:Encrypt', { Principal: { AWS: bob.arn } }))
  await encrypt(bob.kms)
  await assert.rejects(encrypt(ann.kms), {
    ...denied,
    message:
      `User: ${ann.arn} is not authorized to perform: kms:Encrypt on resource: ${the.Arn} because no resource-based ` +
      'policy allows the kms:Encrypt action',
  })
  await encrypt(the.kms)

  const whole = { Principal: { AWS: 'arn:aws:iam::000000000000:root' } }
  await the.setPolicy(allow('kms:*', whole), {
    ...allow('kms:Encrypt', whole),
    Effect: 'Deny',
    Principal: '*',
    Condition: { StringNotEquals: { 'kms:EncryptionContext:tenant': 'a' } },
  })
  await encrypt(ann.kms, { tenant: 'a' })
  await assert.rejects(encrypt(ann.kms, { tenant: 'b' }), denied)
})

test('tags, aliases and kinds of keys are there for conditions', async () => {
  await using the = await start()
  const { KeyId } = the
  const byTag = await the.user(
    'by-tag',
    allow('kms:Encrypt', { Condition: { StringEquals: { 'aws:ResourceTag/team': 'red' } } }),
  )
  const bySpec = await the.user(
    'by-spec',
    allow('kms:CreateKey', { Condition: { StringEquals: { 'kms:KeySpec': 'SYMMETRIC_DEFAULT' } } }),
  )
  const encrypt = () => byTag.kms.send(new EncryptCommand({ KeyId, Plaintext }))
  await assert.rejects(encrypt(), denied)
  await the.kms.send(new TagResourceCommand({ KeyId, Tags: [{ TagKey: 'team', TagValue: 'red' }] }))
  await encrypt()
  await bySpec.kms.send(new CreateKeyCommand({}))
  await assert.rejects(
    bySpec.kms.send(new CreateKeyCommand({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' })),
    denied,
  )
})

test('policies may ask whether a service wants a grant, and whether a key is encrypted to again', async () => {
  await using the = await start()
  const { KeyId } = the
  const onlyServices = {
    ...allow('kms:*Grant*', { Condition: { Bool: { 'kms:GrantIsForAWSResource': 'false' } } }),
    Effect: 'Deny',
  }
  const ann = await the.user('ann', allow('kms:*'), onlyServices)
  const given = await the.grant({ GranteePrincipal: ann.arn, Operations: ['Decrypt'] })
  const GrantId = given.GrantId!
  await assert.rejects(the.grant({ GranteePrincipal: ann.arn, Operations: ['Decrypt'] }, ann.kms), denied)
  await assert.rejects(ann.kms.send(new ListGrantsCommand({ KeyId })), denied)
  await assert.rejects(ann.kms.send(new RevokeGrantCommand({ KeyId, GrantId })), denied)

  const same = await the.user(
    'same',
    allow('kms:ReEncrypt*', { Condition: { Bool: { 'kms:ReEncryptOnSameKey': 'true' } } }),
  )
  const { CiphertextBlob } = await the.kms.send(new EncryptCommand({ KeyId, Plaintext }))
  const again = (DestinationKeyId: string) => same.kms.send(new ReEncryptCommand({ CiphertextBlob, DestinationKeyId }))
  await again(KeyId!)
  const { KeyMetadata: other } = await the.kms.send(new CreateKeyCommand({}))
  await assert.rejects(again(other!.KeyId!), denied)
})

test('who may not use keys does not learn which there are', async () => {
  await using the = await start()
  const { kms } = await the.user('ann')
  for (const KeyId of [the.KeyId, '01234567-89ab-cdef-0123-456789abcdef', 'alias/none', 'nonsense'])
    await assert.rejects(kms.send(new EncryptCommand({ KeyId, Plaintext })), denied)
  await assert.rejects(kms.send(new DecryptCommand({ CiphertextBlob: Buffer.from('nonsense') })), denied)
})

test('the key of Parameter Store is for everybody who may use parameters, and for nobody directly', async () => {
  await using the = await start()
  const ann = await the.user('ann', allow('ssm:*'))
  const { config } = ann.kms
  const ssm = the.server.client(SSMClient, { credentials: (await config.credentials()) as never })
  await ssm.send(new PutParameterCommand({ Name: '/p', Type: 'SecureString', Value: 'secret' }))
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: '/p', WithDecryption: true }))
  assert.equal(Parameter?.Value, 'secret')
  const cipher = await ssm.send(new GetParameterCommand({ Name: '/p' }))
  const CiphertextBlob = Buffer.from(cipher.Parameter!.Value!, 'base64')
  const EncryptionContext = { PARAMETER_ARN: Parameter!.ARN! }
  await assert.rejects(ann.kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext })), denied)
  const KeyId = the.KeyId
  const own = { Name: '/q', Type: 'SecureString', Value: 'secret', KeyId } as const
  await assert.rejects(ssm.send(new PutParameterCommand(own)), denied)
  await the.grant({ GranteePrincipal: ann.arn, Operations: ['Encrypt', 'Decrypt'] })
  await ssm.send(new PutParameterCommand(own))
})
