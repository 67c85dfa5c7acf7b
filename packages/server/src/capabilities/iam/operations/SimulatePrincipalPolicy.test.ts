import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  CreateGroupCommand,
  CreateUserCommand,
  GetContextKeysForCustomPolicyCommand,
  GetContextKeysForPrincipalPolicyCommand,
  IAMClient,
  PutGroupPolicyCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
  SimulateCustomPolicyCommand,
  type SimulateCustomPolicyCommandInput,
  SimulatePrincipalPolicyCommand,
  type SimulatePrincipalPolicyCommandInput,
} from '@aws-sdk/client-iam'
import { startServer } from '@steward/testkit'

const policy = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement })
const allow = (Action: string, more: object = {}) => ({ Effect: 'Allow', Action, Resource: '*', ...more })
const deny = (Action: string, more: object = {}) => ({ Effect: 'Deny', Action, Resource: '*', ...more })
const ANN = 'arn:aws:iam::000000000000:user/ann'

test('X-18 a simulation of policies names the deciding statements, their places, and what was not told', async () => {
  await using server = await startServer()
  const iam = server.client(IAMClient)
  const simulate = async (ActionNames: string[], more: Partial<SimulateCustomPolicyCommandInput>) => {
    const input = { PolicyInputList: [policy(allow('ssm:*'))], ...more, ActionNames }
    return (await iam.send(new SimulateCustomPolicyCommand(input))).EvaluationResults!
  }
  const [allowed, other] = await simulate(['ssm:SendCommand', 'iam:CreateUser'], {})
  assert.deepEqual(
    [allowed!.EvalActionName, allowed!.EvalResourceName, allowed!.EvalDecision],
    ['ssm:SendCommand', '*', 'allowed'],
  )
  const statement = JSON.stringify(allow('ssm:*'))
  const start = policy(allow('ssm:*')).indexOf(statement) + 1
  const [matched] = allowed!.MatchedStatements!
  assert.equal(matched!.SourcePolicyId, 'PolicyInputList.1')
  assert.deepEqual(matched!.StartPosition, { Line: 1, Column: start })
  assert.deepEqual(matched!.EndPosition, { Line: 1, Column: start + statement.length })
  assert.deepEqual(
    [other!.EvalDecision, other!.MatchedStatements, other!.EvalDecisionDetails],
    ['implicitDeny', [], {}],
  )

  const denied = policy(allow('ssm:*'), deny('ssm:Delete*'))
  const [explicit] = await simulate(['ssm:DeleteParameter'], { PolicyInputList: [denied] })
  assert.equal(explicit!.EvalDecision, 'explicitDeny')
  assert.equal(explicit!.MatchedStatements!.length, 1)

  const tagged = policy(allow('ssm:*', { Condition: { StringEquals: { 'ssm:resourceTag/env': 'dev' } } }))
  const [unknown] = await simulate(['ssm:SendCommand'], { PolicyInputList: [tagged] })
  assert.deepEqual([unknown!.EvalDecision, unknown!.MissingContextValues], ['implicitDeny', ['ssm:resourceTag/env']])
  const ContextEntries = [
    { ContextKeyName: 'ssm:resourceTag/env', ContextKeyValues: ['dev'], ContextKeyType: 'string' as const },
  ]
  const [told] = await simulate(['ssm:SendCommand'], { PolicyInputList: [tagged], ContextEntries })
  assert.deepEqual([told!.EvalDecision, told!.MissingContextValues], ['allowed', []])

  const document = 'arn:aws:ssm:us-east-1:000000000000:document/'
  const one = policy({ ...allow('ssm:SendCommand'), Resource: `${document}Mine` })
  const ResourceArns = [`${document}Mine`, `${document}Yours`]
  const both = await simulate(['ssm:SendCommand'], { PolicyInputList: [one], ResourceArns })
  assert.deepEqual(
    both.map((result) => [result.EvalResourceName, result.EvalDecision]),
    [
      [ResourceArns[0], 'allowed'],
      [ResourceArns[1], 'implicitDeny'],
    ],
  )
  assert.equal(both[0]!.ResourceSpecificResults![0]!.EvalResourceDecision, 'allowed')

  const boundary = { PermissionsBoundaryPolicyInputList: [policy(allow('ssm:Get*'))] }
  const limited = await simulate(['ssm:GetParameter', 'ssm:SendCommand'], boundary)
  assert.deepEqual(
    limited.map((one) => [one.EvalDecision, one.PermissionsBoundaryDecisionDetail!.AllowedByPermissionsBoundary]),
    [
      ['allowed', true],
      ['implicitDeny', false],
    ],
  )
})

test('X-18 a resource policy takes part in a simulation, across accounts too', async () => {
  await using server = await startServer()
  const iam = server.client(IAMClient)
  const ResourcePolicy = policy({ ...allow('ssm:GetParameter'), Principal: { AWS: ANN } })
  const simulate = async (more: Partial<SimulateCustomPolicyCommandInput>) => {
    const input = {
      PolicyInputList: [policy(allow('iam:*'))],
      ActionNames: ['ssm:GetParameter'],
      ResourcePolicy,
      ...more,
    }
    return (await iam.send(new SimulateCustomPolicyCommand(input))).EvaluationResults![0]!
  }
  await assert.rejects(simulate({}), { name: 'InvalidInputException' })
  const inside = await simulate({ CallerArn: ANN })
  assert.deepEqual(
    [inside.EvalDecision, inside.MatchedStatements![0]!.SourcePolicyType],
    ['allowed', 'Resource Policy'],
  )
  const across = await simulate({ CallerArn: ANN, ResourceOwner: 'arn:aws:iam::111122223333:root' })
  assert.equal(across.EvalDecision, 'implicitDeny')
  assert.deepEqual(across.EvalDecisionDetails, { 'IAM Policy': 'implicitDeny', 'Resource Policy': 'allowed' })

  const stranger = await simulate({
    CallerArn: 'arn:aws:iam::111122223333:user/eve',
    ResourcePolicy: policy({ ...allow('ssm:GetParameter'), Principal: { AWS: 'arn:aws:iam::111122223333:user/eve' } }),
  })
  assert.equal(stranger.EvalDecision, 'allowed', 'what nobody is said to own is the caller’s')

  const role = 'arn:aws:iam::000000000000:role/r'
  const boundary = { PermissionsBoundaryPolicyInputList: [policy(allow('iam:*'))] }
  const forRole = {
    ResourcePolicy: policy({ ...allow('ssm:GetParameter'), Principal: { AWS: role } }),
    CallerArn: role,
  }
  const decision = async (more: Partial<SimulateCustomPolicyCommandInput>) => (await simulate(more)).EvalDecision
  assert.equal(await decision(forRole), 'allowed')
  assert.equal(await decision({ ...forRole, ...boundary }), 'implicitDeny')
  assert.equal(await decision({ CallerArn: ANN, ...boundary }), 'allowed')
})

test('X-18 a simulation of a user counts its groups, managed policies and boundary, page by page', async () => {
  await using server = await startServer()
  const iam = server.client(IAMClient)
  const UserName = 'ann'
  await iam.send(new CreateUserCommand({ UserName }))
  await iam.send(new CreateGroupCommand({ GroupName: 'ops' }))
  await iam.send(new AddUserToGroupCommand({ UserName, GroupName: 'ops' }))
  const own = allow('ssm:GetParameter', {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the policy language
    Resource: 'arn:aws:ssm:*:*:parameter/${aws:username}/*',
  })
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument: policy(own) }))
  const PolicyDocument = policy(allow('sns:*'), deny('sns:Delete*'))
  await iam.send(new PutGroupPolicyCommand({ GroupName: 'ops', PolicyName: 'topics', PolicyDocument }))
  const PolicyArn = 'arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess'
  await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }))

  const simulate = async (ActionNames: string[], more: Partial<SimulatePrincipalPolicyCommandInput> = {}) =>
    iam.send(new SimulatePrincipalPolicyCommand({ PolicySourceArn: ANN, ActionNames, ...more }))
  const results = async (...asked: Parameters<typeof simulate>) =>
    (await simulate(...asked)).EvaluationResults!.map((one) => [
      one.EvalDecision,
      one
        .MatchedStatements!.map(({ SourcePolicyId, SourcePolicyType }) => `${SourcePolicyType} ${SourcePolicyId}`)
        .join(),
    ])
  const actions = ['ssm:ListCommands', 'sns:Publish', 'sns:DeleteTopic', 'kms:Decrypt']
  assert.deepEqual(await results(actions), [
    ['allowed', 'IAM Policy AmazonSSMReadOnlyAccess'],
    ['allowed', 'IAM Policy group_ops_topics'],
    ['explicitDeny', 'IAM Policy group_ops_topics'],
    ['implicitDeny', ''],
  ])
  const ResourceArns = ['arn:aws:ssm:us-east-1:000000000000:parameter/ann/x']
  const ofAnn = await results(['ssm:GetParameter'], { ResourceArns })
  assert.deepEqual(ofAnn, [['allowed', 'IAM Policy user_ann_own,IAM Policy AmazonSSMReadOnlyAccess']])
  assert.deepEqual(await results(['kms:Decrypt'], { PolicyInputList: [policy(allow('kms:*'))] }), [
    ['allowed', 'IAM Policy PolicyInputList.1'],
  ])
  const first = await simulate(actions, { MaxItems: 3 })
  assert.deepEqual([first.EvaluationResults!.length, first.IsTruncated], [3, true])
  const rest = await simulate(actions, { MaxItems: 3, Marker: first.Marker })
  assert.deepEqual([rest.EvaluationResults![0]!.EvalActionName, rest.IsTruncated], ['kms:Decrypt', false])

  await iam.send(
    new PutUserPermissionsBoundaryCommand({
      UserName,
      PermissionsBoundary: 'arn:aws:iam::aws:policy/AmazonSNSFullAccess',
    }),
  )
  const decisions = (await results(actions)).map(([decision]) => decision)
  assert.deepEqual(decisions, ['implicitDeny', 'allowed', 'explicitDeny', 'implicitDeny'])
  const replaced = await results(['ssm:ListCommands'], { PermissionsBoundaryPolicyInputList: [policy(allow('ssm:*'))] })
  assert.deepEqual(replaced, [['allowed', 'IAM Policy AmazonSSMReadOnlyAccess']])
  const forbidding = [policy(allow('ssm:*'), deny('ssm:List*'))]
  assert.deepEqual(await results(['ssm:ListCommands'], { PermissionsBoundaryPolicyInputList: forbidding }), [
    ['explicitDeny', 'Permissions Boundary Policy PermissionsBoundaryPolicyInputList.1'],
  ])

  const group = { PolicySourceArn: 'arn:aws:iam::000000000000:group/ops' }
  assert.deepEqual(await results(['sns:Publish', 'ssm:ListCommands'], group), [
    ['allowed', 'IAM Policy group_ops_topics'],
    ['implicitDeny', ''],
  ])
  for (const PolicySourceArn of [`${ANN}y`, ANN.replace('user/', 'role/'), ANN.replace('user/', 'group/')])
    await assert.rejects(simulate(actions, { PolicySourceArn }), {
      name: 'NoSuchEntityException',
      message: 'Unable to retrieve specified IAM entity.',
    })
  await assert.rejects(simulate(actions, { PolicySourceArn: 'arn:aws:s3:::bucket/ann' }), {
    name: 'InvalidInputException',
  })
  await assert.rejects(simulate(['ssm:*']), { name: 'InvalidInputException' })
})

test('X-18 the condition keys that policies ask for are told', async () => {
  await using server = await startServer()
  const iam = server.client(IAMClient)
  const document = policy(
    allow('ssm:*', {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the policy language
      Resource: 'arn:aws:ssm:*:*:session/${aws:username}-*',
      Condition: { StringEquals: { 'ssm:resourceTag/env': 'dev' }, Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
    }),
  )
  const PolicyInputList = [document, policy(allow('x:Y'))]
  const custom = await iam.send(new GetContextKeysForCustomPolicyCommand({ PolicyInputList }))
  const keys = ['aws:MultiFactorAuthPresent', 'aws:username', 'ssm:resourceTag/env']
  assert.deepEqual(custom.ContextKeyNames, keys)
  await iam.send(new CreateUserCommand({ UserName: 'ann' }))
  await iam.send(new PutUserPolicyCommand({ UserName: 'ann', PolicyName: 'own', PolicyDocument: document }))
  const principal = await iam.send(new GetContextKeysForPrincipalPolicyCommand({ PolicySourceArn: ANN }))
  assert.deepEqual(principal.ContextKeyNames, keys)
  const broken = { PolicyInputList: ['{'] }
  await assert.rejects(iam.send(new GetContextKeysForCustomPolicyCommand(broken)), { name: 'InvalidInputException' })
})
