import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { loadService, type OperationModel } from '@steward/model'
import { arbitraryOf } from '@steward/model/testing/shape-arbitraries.ts'
import { startServer, type TestServer } from '@steward/testkit'
import fc from 'fast-check'
import { FakeNode } from '#capabilities/nodes/testing/fake-node.ts'
import { type RawAnswer, type RawCall, rawCall } from '#door/testing/raw-call.ts'
import { sentInput } from '#door/testing/sent-input.ts'
import { credentialsOf } from '#gateway/testing/node-calls.ts'
import { aUser } from '#iam/testing/a-user.ts'
import type { Operation } from '#kernel/declare.ts'
import { builtOperations, describeAuthorization } from '../generate/authorization.ts'

/** Operations whose caller proves itself by the input, such as an activation code or the token of a web identity. */
const UNSIGNED = [
  'ssm:RegisterManagedInstance',
  'sts:AssumeRoleWithWebIdentity',
  'sns:ConfirmSubscription',
  'sns:Unsubscribe',
  'steward:BeginOidcSignIn',
  'steward:GetSignInOptions',
  'steward:SignIn',
]

/** Operations that prove a node by the key it registered; there is no secret key for them to be wrong. */
const BY_NODE_KEY = ['ssm:RequestManagedInstanceRoleToken', 'ssm:UpdateManagedInstancePublicKey']

/** What nobody needs to be allowed. */
const WHO_AM_I = 'sts:GetCallerIdentity'
const OPEN_TO_ALL = [WHO_AM_I, 'steward:RenewSignIn', 'steward:SignOut']

/** Open to all too, but it refuses codes of a second factor that are wrong, and whoever came with temporary credentials. */
const SESSION_TOKEN = 'sts:GetSessionToken'

/** What a node may do besides what names a node, which must then be itself. */
const OPEN_TO_NODES = [
  WHO_AM_I,
  'logs:CreateLogStream',
  'logs:DescribeLogGroups',
  'logs:DescribeLogStreams',
  'logs:PutLogEvents',
  'ssm:DescribeDocument',
  'ssm:GetDocument',
  'ssm:GetParameter',
  'ssm:GetParameters',
]

/** Open to nodes too, but for tags, which are an action of their own. */
const CREATE_LOG_GROUP = 'logs:CreateLogGroup'

const operations = await builtOperations()
const nameOf = ({ service, name }: Operation) => `${service}:${name}`

/** Operations on the user who calls: others are told that they are none. */
const OF_USERS = ['iam:ChangePassword', SESSION_TOKEN]

test('X-12 what every operation demands of its caller is what docs/authorization.txt says', async () => {
  const text = readFileSync(new URL('../../../docs/authorization.txt', import.meta.url), 'utf8')
  const wanted = await describeAuthorization()
  assert.equal(text, wanted, 'If that is as it should be: node packages/server/generate/main.ts')
})

test('X-12 nobody gets anywhere without proof', async () => {
  await using server = await startServer()
  for (const operation of operations) {
    const code = codeOf(await call(server, operation, { credentials: null }))
    if (UNSIGNED.includes(nameOf(operation))) assert.doesNotMatch(code, /^Missing/, nameOf(operation))
    else assert.match(code, /^MissingAuthenticationToken/, nameOf(operation))
  }
})

test('X-12 a wrong secret key gets nobody anywhere', async () => {
  await using server = await startServer()
  const credentials = { ...server.house.rootKey, secretAccessKey: 'wrong' }
  for (const operation of operations) {
    if (UNSIGNED.includes(nameOf(operation))) continue
    const code = codeOf(await call(server, operation, { credentials }))
    // The root key is no node, whatever its secret.
    const refusal = BY_NODE_KEY.includes(nameOf(operation))
      ? /^AccessDenied/
      : /^(InvalidSignature|SignatureDoesNotMatch)/
    assert.match(code, refusal, nameOf(operation))
  }
})

test('X-13 a node is refused what is not its own, in AWS’s words', async () => {
  await using server = await startServer()
  const node = await FakeNode.enrol(server)
  for (const operation of operations) {
    if (UNSIGNED.includes(nameOf(operation)) || BY_NODE_KEY.includes(nameOf(operation))) continue
    const open = [...OPEN_TO_NODES, CREATE_LOG_GROUP]
    const answer = await decided(server, operation, { credentials: credentialsOf(node) }, open)
    if (nameOf(operation) === CREATE_LOG_GROUP) assert.match(messageOf(answer!), / perform: logs:TagResource on /)
    if (OF_USERS.includes(nameOf(operation))) continue
    if (OPEN_TO_NODES.includes(nameOf(operation))) {
      assert.equal(answer, undefined, nameOf(operation))
      continue
    }
    assert.ok(answer, `No input for ${nameOf(operation)} reached the decision.`)
    assert.match(
      messageOf(answer),
      new RegExp(
        `^User: arn:aws:sts::000000000000:assumed-role/\\w+/${node.id} is not authorized to perform: ([\\w-]+:\\w+) ` +
          'on resource: .+ because no identity-based policy allows the \\1 action$',
        's',
      ),
      nameOf(operation),
    )
  }
})

test('X-12 a stranger, a user without any policy, is refused everything, in AWS’s words', async () => {
  await using server = await startServer()
  const credentials = await aUser(server, 'stranger')
  for (const operation of operations) {
    if ([...UNSIGNED, ...BY_NODE_KEY, SESSION_TOKEN].includes(nameOf(operation))) continue
    const answer = await decided(server, operation, { credentials }, OPEN_TO_ALL)
    if (OPEN_TO_ALL.includes(nameOf(operation))) {
      assert.equal(answer, undefined, nameOf(operation))
      continue
    }
    assert.ok(answer, `No input for ${nameOf(operation)} reached the decision.`)
    assert.match(
      messageOf(answer),
      new RegExp(
        '^User: arn:aws:iam::000000000000:user/stranger is not authorized to perform: ([\\w-]+:\\w+) ' +
          'on resource: .+ because no (identity-based|resource-based|role trust) policy allows the \\1 action$',
        's',
      ),
      nameOf(operation),
    )
  }
})

/** The first refusal; inputs that something else is wrong with come to none. */
async function decided(
  server: TestServer,
  operation: Operation,
  caller: RawCall,
  open: readonly string[],
): Promise<RawAnswer | undefined> {
  for (const input of inputs(modelOf(operation))) {
    const answer = await call(server, operation, caller, input)
    const refused = /AccessDenied|AuthorizationError/.test(codeOf(answer))
    // Logs calls it so too when a KMS key does not do.
    if (refused && !/^The specified KMS key/.test(messageOf(answer))) return answer
    if (!open.includes(nameOf(operation))) assert.notEqual(answer.status, 200, nameOf(operation))
  }
  return undefined
}

/** Inputs that meet the model's constraints; the same ones every time. */
function inputs(model: OperationModel): object[] {
  if (!model.inputShape) return [{}]
  const arbitrary = arbitraryOf(model.service.shapes, model.inputShape)
  const drawn = fc.sample(arbitrary, { numRuns: 60, seed: 1 }) as { MessageId?: string; [member: string]: unknown }[]
  const token = model.pagination?.inputToken ?? 'NextToken'
  return drawn.map(({ [token]: _forged, ...input }) => {
    if (input.MessageId) input.MessageId = 'aws.ssm.command.mi-00000000000000000'
    return input
  })
}

function call(server: TestServer, operation: Operation, more: RawCall, input: object = {}): Promise<RawAnswer> {
  const model = modelOf(operation)
  return rawCall(server, { service: model.service.signingName, ...more, ...sentInput(model, input) })
}

function modelOf({ service, name }: Operation): OperationModel {
  return loadService(service)!.operation(name)!
}

function codeOf({ headers, text, json }: RawAnswer): string {
  return String(json.__type ?? headers.get('x-amzn-errortype') ?? /<Code>([^<]+)/.exec(text)?.[1] ?? '')
}

function messageOf({ text, json }: RawAnswer): string {
  const message = json.message ?? json.Message ?? /<Message>([^<]*)/.exec(text)?.[1]
  return String(message).replace(/&(lt|gt|amp|quot|apos);|&#\w+;/g, '?')
}
