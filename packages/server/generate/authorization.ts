/**
 * What every operation demands of its caller, as text: one line for each action on each kind of resource. It is found by asking the
 * operations themselves, with inputs whose members are their own names in braces.
 */
import { loadService, type OperationModel } from '@steward/model'
import type { Reader } from '#db/database.ts'
import { openDatabase } from '#db/open.ts'
import { ec2MessagesOperations } from '#gateway/amazon/ec2messages.ts'
import type { Access, Call, Operation, S3Operation, S3Request } from '#kernel/declare.ts'
import type { Principal } from '#kernel/principal.ts'
import { vaultOperations } from '#vault/operations.ts'
import { loadCapabilities, loadOperations, loadS3Operations } from '../src/capabilities.ts'

const HEADER = `# What each operation demands of its caller: operation, how the caller proves itself, action, resource, and the condition keys that
# the call brings along. Written by \`node packages/server/generate/main.ts\`; a test compares.
# Of S3, DeleteObjects demands s3:DeleteObject on each key that its body names, and objects under a key of KMS the use of that key.
# Control channels are no operations: ssmmessages:CreateControlChannel and ssmmessages:OpenControlChannel, on the node of their path.
`

const scope = { account: '{account}', region: '{region}' }

const node: Principal = {
  kind: 'node',
  ...scope,
  arn: 'arn',
  nodeId: '{caller}',
  role: '{role}',
  publicKey: 'key',
}

const user: Principal = {
  kind: 'user',
  account: scope.account,
  arn: `arn:aws:iam::${scope.account}:user/{caller}`,
  name: '{caller}',
  userId: '{userid}',
  accessKeyId: '{key}',
}

/** Every operation that is built. */
export async function builtOperations(): Promise<Operation[]> {
  const ofCapabilities = (await Promise.all((await loadCapabilities()).map(loadOperations))).flat()
  return [
    ...ofCapabilities,
    ...ec2MessagesOperations(undefined as never, undefined as never),
    ...vaultOperations(undefined as never),
  ]
}

/** The content of `docs/authorization.txt`. Resources are looked up in an installation that has none, so they are as the input names them. */
export async function describeAuthorization(): Promise<string> {
  const database = openDatabase('', ':memory:')
  try {
    await database.migrate(Object.assign({}, ...(await loadCapabilities()).map(({ migrations }) => migrations)))
    const operations = await builtOperations()
    const ofS3 = (await Promise.all((await loadCapabilities()).map(loadS3Operations))).flat()
    const lines = await database.read((db) =>
      Promise.all([
        ...operations.map((operation) => describe(db, operation)),
        ...ofS3.map((operation) => describeS3(db, operation)),
      ]),
    )
    return `${HEADER}\n${lines.flat().sort().join('\n')}\n`
  } finally {
    await database.close()
  }
}

async function describe(db: Reader, operation: Operation): Promise<string[]> {
  const model = loadService(operation.service)!.operation(operation.name)!
  const lines = new Set<string>()
  for (const input of samples(model)) {
    for (const access of await demanded(db, operation, input)) {
      for (const resource of access.resources) lines.add(line(operation, access, resource))
    }
  }
  if (lines.size === 0) throw new Error(`${operation.name} demands nothing of its caller.`)
  return [...lines]
}

async function describeS3(db: Reader, { name, access, withHeader }: S3Operation): Promise<string[]> {
  const request: Pick<S3Request, 'bucket' | 'key' | 'query' | 'header'> = {
    bucket: '{bucket}',
    key: '{key}',
    query: new URLSearchParams(),
    header: (wanted) => (wanted === withHeader ? '{source bucket}/{source key}' : undefined),
  }
  const demanded = await access(request as S3Request, { db, scope, principal: user, now: new Date(0) })
  const operation = { service: 's3', name, authentication: 'sigv4' } as const
  return demanded.flatMap((one) => one.resources.map((resource) => line(operation, one, resource)))
}

function line(
  { service, name, authentication }: Pick<Operation, 'service' | 'name' | 'authentication'>,
  { action, context = {} }: Access,
  resource: string,
): string {
  const keys = Object.keys(context).sort().join(' ')
  return [`${service}:${name}`.padEnd(42), authentication.padEnd(8), action.padEnd(42), resource, keys]
    .join(' ')
    .trimEnd()
}

/** A kind of thing that the operation does not know demands nothing: it is refused. */
async function demanded(db: Reader, operation: Operation, input: object): Promise<readonly Access[]> {
  try {
    const principal = operation.authentication === 'node-key' ? node : user
    return withAlternatives(await operation.access(input, { db, scope, principal } as Call))
  } catch (error) {
    if (error instanceof Error && error.name === 'ApiError') return []
    throw error
  }
}

function withAlternatives(demanded: readonly Access[]): readonly Access[] {
  return demanded.flatMap((access) => [access, ...withAlternatives(access.or ?? [])])
}

/** Inputs with all members and with the required ones only, and one for each type of resource that can be named. */
function* samples(model: OperationModel): Generator<object> {
  const { shapes } = model.service
  const whole = sample(model, false)
  yield whole
  yield sample(model, true)
  const member = shapes[model.inputShape ?? '']?.members?.ResourceType
  for (const type of (member && shapes[member.shape]?.enum) ?? []) yield { ...whole, ResourceType: type }
}

function sample(model: OperationModel, requiredOnly: boolean): object {
  const { shapes } = model.service
  const of = (shapeName: string, name: string, depth: number): unknown => {
    const shape = shapes[shapeName]!
    if (SPECIAL[name]) return SPECIAL[name]
    if (shape.type === 'list') return [of(shape.member!.shape, name, depth + 1)]
    if (shape.type === 'map') return {}
    if (shape.type !== 'structure') return shape.type === 'string' ? (shape.enum?.[0] ?? `{${name}}`) : 1
    const names = Object.keys(shape.members ?? {}).filter((member) => !requiredOnly || shape.required?.includes(member))
    if (depth > 4) return {}
    return Object.fromEntries(names.map((member) => [member, of(shape.members![member]!.shape, member, depth + 1)]))
  }
  return model.inputShape ? (of(model.inputShape, '', 0) as object) : {}
}

/** Members that are taken apart. */
const SPECIAL: Readonly<Record<string, string>> = {
  MessageId: 'aws.ssm.command.{Destination}',
}
