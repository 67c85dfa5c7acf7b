/** Makes the audit record of a call from what the door knows of it. Pure. */
import type { OperationModel, ServiceMetadata, ServiceModel } from '@steward/model'
import type { ApiError } from '#kernel/api-error.ts'
import { identityOf } from '#kernel/audit-identity.ts'
import type { AuditedResource, AuditRecord, Caused, UserIdentity } from '#kernel/audit-record.ts'
import type { Access } from '#kernel/declare.ts'
import type { Principal } from '#kernel/principal.ts'
import { HIDDEN, maskedInput, maskedOutput } from './masked-view.ts'
import type { Asked } from './protocol.ts'

/** What a call asked for, of a service that has a model or of S3. */
export interface AskedFacts extends Pick<Asked, 'operationName'> {
  readonly service: Pick<ServiceModel, 'name'> & {
    readonly metadata: Pick<ServiceMetadata, 'endpointPrefix' | 'apiVersion'>
  }
  readonly operation?: OperationModel | undefined
}

/** What is known of a call in the end. What it did not come to is undefined or empty. */
export interface CallFacts {
  readonly asked: AskedFacts
  readonly requestId: string
  readonly eventId: string
  /** When it was answered. */
  readonly at: Date
  readonly sourceIp: string
  readonly userAgent: string | undefined
  /** The host that it was sent to, if over TLS. */
  readonly tlsHost: string | undefined
  /** The account of the installation. */
  readonly account: string
  readonly region: string
  /** The key that the caller claimed to have. */
  readonly claimedKey: string | undefined
  readonly principal: Principal | undefined
  /** Who the caller is beyond that, where the request itself was the proof. */
  readonly identity?: UserIdentity | undefined
  /** Where the operation has no model, as it is to be shown. */
  readonly input: object | undefined
  /** Whether it is about what a resource holds, as CloudTrail's data events are. */
  readonly isData?: boolean
  /** Size of the request's body. */
  readonly bytes: number
  readonly output: object | undefined
  readonly access: readonly Access[]
  readonly caused: readonly Caused[]
  /** Calls before this one that were not proven either and have no record. */
  readonly untold: number
  /** As the caller was told. */
  readonly error: Pick<ApiError, 'code' | 'message'> | undefined
}

/** CloudTrail's own limits. */
const MAX_CONTENT = 100 * 1024
const MAX_TEXT = 1024
/** Whoever is refused may have named what there is not, such as parameters for a command, only to fill the trail. */
const MAX_REFUSED = 1_000
/** A request of fewer bytes cannot have larger parameters than that, however they are escaped. */
const SMALL = MAX_CONTENT / 8

/** Calls that are made all the time and change nothing that anybody decided. Refused, they are recorded like all others. */
const CHATTER: ReadonlySet<string> = new Set([
  'GetManifest',
  'GetSignInOptions',
  'ListInstanceAssociations',
  'PutConfigurePackageResult',
  'PutLogEvents',
  'RequestManagedInstanceRoleToken',
  'UpdateInstanceAssociationStatus',
  'UpdateInstanceInformation',
])

/** Whether a call that went well is worth a record. */
export function isWorthRecording({ service, operationName }: Asked): boolean {
  return service.name !== 'ec2messages' && !CHATTER.has(operationName)
}

export function toAuditRecord(facts: CallFacts): AuditRecord {
  const { asked, principal, identity, error } = facts
  const looksOnly = isReadOnly(asked)
  const hidden: string[] | undefined = error && []
  const shown = asked.operation && facts.input ? maskedInput(asked.operation, facts.input, hidden) : facts.input
  const parameters = shown ?? null
  return {
    eventVersion: '1.11',
    userIdentity: identity ?? (principal ? identityOf(principal) : unproven(facts.claimedKey)),
    eventTime: toTheSecond(facts.at),
    eventSource: `${asked.service.metadata.endpointPrefix}.amazonaws.com`,
    eventName: asked.operationName.slice(0, MAX_TEXT),
    awsRegion: asked.service.name === 'iam' ? 'us-east-1' : facts.region,
    sourceIPAddress: facts.sourceIp,
    userAgent: facts.userAgent?.slice(0, MAX_TEXT),
    // CloudTrail calls every refusal so, whatever the service's own name for it is.
    errorCode: error?.code === 'AccessDeniedException' ? 'AccessDenied' : error?.code,
    errorMessage: error && withoutSecrets(error.message, hidden!).slice(0, MAX_TEXT),
    requestParameters: facts.bytes < SMALL ? parameters : bounded(parameters, 'requestParameters'),
    responseElements: bounded(responseOf(facts, looksOnly), 'responseElements'),
    additionalEventData: additionalData(facts),
    requestID: facts.requestId,
    eventID: facts.eventId,
    readOnly: looksOnly,
    resources: resourcesOf(facts),
    eventType: 'AwsApiCall',
    apiVersion: asked.service.metadata.apiVersion,
    managementEvent: !facts.isData,
    recipientAccountId: principal?.account ?? facts.account,
    eventCategory: facts.isData ? 'Data' : 'Management',
    tlsDetails: facts.tlsHost === undefined ? undefined : { clientProvidedHostHeader: facts.tlsHost },
  }
}

let lastSecond = { second: Number.NaN, text: '' }

/** Most calls are of the same second as the one before. */
function toTheSecond(at: Date): string {
  const second = Math.floor(at.getTime() / 1000)
  if (second !== lastSecond.second) lastSecond = { second, text: `${at.toISOString().slice(0, 19)}Z` }
  return lastSecond.text
}

/** By name, as in CloudTrail, where also calls that hand out credentials or use keys count as looking. */
export function isReadOnly({ operation, operationName }: Pick<AskedFacts, 'operation' | 'operationName'>): boolean {
  if (!operation) return READS.test(operationName)
  const known = readOnly.get(operation) ?? READS.test(operationName)
  readOnly.set(operation, known)
  return known
}

const readOnly = new WeakMap<OperationModel, boolean>()

const READS =
  /^(Get|Head|List|Describe|Lookup|Query|Search|Simulate|Test|Check|Verify|Validate|Filter|BatchGet|Decode|Export|Preview|Stream|Trace|AssumeRole|Decrypt$|DeriveSharedSecret$|Encrypt$|ReEncrypt$|GenerateDataKey|GenerateMac$|GenerateRandom$|Sign$)/

function responseOf({ asked, output }: CallFacts, looksOnly: boolean): unknown {
  if (!output || !asked.operation) return null
  return looksOnly && !issuesCredentials(asked) ? null : maskedOutput(asked.operation, output)
}

/** Whose temporary credentials are can only be told with the answer that gave them. */
export function issuesCredentials({ service, operationName }: Pick<AskedFacts, 'service' | 'operationName'>): boolean {
  return service.name === 'sts' && /^(Assume|GetSessionToken|GetFederationToken)/.test(operationName)
}

function additionalData({ asked, caused, untold, error }: CallFacts): Record<string, unknown> | undefined {
  const data: Record<string, unknown> = {}
  if (caused.length > 0) data.caused = caused
  if (untold > 0) data.unrecordedCallsOfUnprovenCallers = untold
  // Told apart for people who compare with AWS's own trail, which leaves them out.
  const absent = error?.code === 'ParameterNotFound' && /^(Get|Delete)Parameter$/.test(asked.operationName)
  if (absent) data.notRecordedByAWS = true
  return Object.keys(data).length > 0 ? data : undefined
}

/** A message may quote what it complains of. */
function withoutSecrets(message: string, hidden: readonly string[]): string {
  return hidden.reduce((text, secret) => (secret.length < 3 ? text : text.replaceAll(secret, HIDDEN)), message)
}

function bounded(content: unknown, name: string): unknown {
  if (content === null || roomLeft(content, MAX_CONTENT) > 0) return content
  const { length } = JSON.stringify(content)
  return length <= MAX_CONTENT ? content : { omitted: true, originalSize: length, reason: `${name} too large` }
}

/** What is left of so much room when a value is written as JSON, at the least. Writing it to know would take many times longer. */
function roomLeft(value: unknown, room: number): number {
  if (value === undefined) return room
  // No character needs more than six, no number more than 25.
  if (typeof value === 'string') return room - 6 * value.length - 3
  if (typeof value !== 'object' || value === null) return room - 26
  let left = room - 2
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length && left >= 0; index++) left = roomLeft(value[index], left - 1)
    return left
  }
  for (const key of Object.keys(value)) {
    left = roomLeft((value as Record<string, unknown>)[key], left - 6 * key.length - 4)
    if (left < 0) break
  }
  return left
}

function resourcesOf({ access, caused, error }: CallFacts): AuditedResource[] | undefined {
  const [only] = access
  if (access.length === 1 && caused.length === 0 && only?.resources.length === 1) {
    const [arn = ''] = only.resources
    return isNamed(arn) ? [toResource(arn)] : undefined
  }
  const all = new Set(access.flatMap(({ resources }) => resources).filter(isNamed))
  const named = error ? new Set([...all].slice(0, MAX_REFUSED)) : all
  const resources = [...named].map(toResource)
  for (const { type, id } of caused) if (!named.has(id)) resources.push({ ARN: id, type })
  return resources.length > 0 ? resources : undefined
}

function isNamed(arn: string): boolean {
  return arn.startsWith('arn:') && !arn.endsWith('*')
}

function toResource(arn: string): AuditedResource {
  const [, , service = '', , account, resource = ''] = arn.split(':', 6)
  const slash = resource.indexOf('/')
  const type = typeOf(service, KINDS[service]?.(arn) ?? (slash < 0 ? resource : resource.slice(0, slash)))
  return account ? { ARN: arn, accountId: account, type } : { ARN: arn, type }
}

/** Where the ARN does not say it. That of a topic has its name only, that of a subscription its topic's name and an id. */
const KINDS: Readonly<Record<string, (arn: string) => string>> = {
  s3: (arn) => (arn.includes('/') ? 'object' : 'bucket'),
  sns: (arn) => (arn.split(':').length > 6 ? 'subscription' : 'topic'),
}

const types = new Map<string, string>()

function typeOf(service: string, kind: string): string {
  const key = `${service}:${kind}`
  const known = types.get(key)
  if (known) return known
  const name = kind.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())
  const type = `AWS::${SERVICES[service] ?? service.toUpperCase()}::${name}`
  // Callers choose the words of some ARNs.
  if (types.size < MAX_TYPES) types.set(key, type)
  return type
}

const MAX_TYPES = 500

/** Where CloudFormation does not write the service in capitals. */
const SERVICES: Readonly<Record<string, string>> = {
  cloudtrail: 'CloudTrail',
  events: 'Events',
  logs: 'Logs',
  'resource-groups': 'ResourceGroups',
}

function unproven(claimedKey: string | undefined): UserIdentity {
  return claimedKey === undefined ? { type: 'Unknown' } : { type: 'Unknown', accessKeyId: claimedKey.slice(0, 128) }
}
