/** Makes the audit record of a call from what the door knows of it. Pure: it may be called long after the call was answered. */
import type { ApiError } from '#kernel/api-error.ts'
import type { AuditedResource, AuditRecord, Caused, UserIdentity } from '#kernel/audit-record.ts'
import type { Access } from '#kernel/declare.ts'
import type { Principal, SessionFacts } from '#kernel/principal.ts'
import { HIDDEN, maskedInput, maskedOutput } from './masked-view.ts'
import type { Asked } from './protocol.ts'

/** What is known of a call in the end. What it did not come to is undefined or empty. */
export interface CallFacts {
  readonly asked: Asked
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
  readonly input: object | undefined
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

/** Calls that are made by nodes all the time and change nothing that anybody decided. Refused, they are recorded like all others. */
const CHATTER: ReadonlySet<string> = new Set([
  'GetManifest',
  'ListInstanceAssociations',
  'PutConfigurePackageResult',
  'RequestManagedInstanceRoleToken',
  'UpdateInstanceAssociationStatus',
  'UpdateInstanceInformation',
])

/** Whether a call that went well is worth a record. */
export function isWorthRecording({ service, operationName }: Asked): boolean {
  return service.name !== 'ec2messages' && !CHATTER.has(operationName)
}

export function toAuditRecord(facts: CallFacts): AuditRecord {
  const { asked, principal, error } = facts
  const readOnly = isReadOnly(asked.operationName)
  const hidden: string[] | undefined = error && []
  const parameters = facts.input && asked.operation ? maskedInput(asked.operation, facts.input, hidden) : null
  return {
    eventVersion: '1.11',
    userIdentity: principal ? identityOf(principal) : unproven(facts.claimedKey),
    eventTime: `${facts.at.toISOString().slice(0, 19)}Z`,
    eventSource: `${asked.service.metadata.endpointPrefix}.amazonaws.com`,
    eventName: asked.operationName.slice(0, MAX_TEXT),
    awsRegion: asked.service.name === 'iam' ? 'us-east-1' : facts.region,
    sourceIPAddress: facts.sourceIp,
    userAgent: facts.userAgent?.slice(0, MAX_TEXT),
    errorCode: error?.code,
    errorMessage: error && withoutSecrets(error.message, hidden!).slice(0, MAX_TEXT),
    requestParameters: bounded(parameters, 'requestParameters'),
    responseElements: bounded(responseOf(facts, readOnly), 'responseElements'),
    additionalEventData: additionalData(facts),
    requestID: facts.requestId,
    eventID: facts.eventId,
    readOnly,
    resources: resourcesOf(facts),
    eventType: 'AwsApiCall',
    apiVersion: asked.service.metadata.apiVersion,
    managementEvent: true,
    recipientAccountId: principal?.account ?? facts.account,
    eventCategory: 'Management',
    tlsDetails: facts.tlsHost === undefined ? undefined : { clientProvidedHostHeader: facts.tlsHost },
  }
}

/** By name, as in CloudTrail, where also calls that hand out credentials or use keys count as looking. */
export function isReadOnly(operationName: string): boolean {
  return READS.test(operationName)
}

const READS =
  /^(Get|List|Describe|Lookup|Search|Simulate|Test|Check|Verify|Validate|Filter|BatchGet|Decode|Export|AssumeRole|Decrypt$|Encrypt$|ReEncrypt$|GenerateDataKey|GenerateMac$|GenerateRandom$|Sign$)/

function responseOf({ asked, output }: CallFacts, readOnly: boolean): unknown {
  if (!output || !asked.operation) return null
  return readOnly && !issuesCredentials(asked) ? null : maskedOutput(asked.operation, output)
}

/** Whose temporary credentials are can only be told with the answer that gave them. */
export function issuesCredentials({ service, operationName }: Asked): boolean {
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
  if (content === null) return null
  const { length } = JSON.stringify(content)
  return length <= MAX_CONTENT ? content : { omitted: true, originalSize: length, reason: `${name} too large` }
}

function resourcesOf({ access, caused }: CallFacts): AuditedResource[] | undefined {
  const named = access
    .flatMap(({ resources }) => resources)
    .filter((arn) => arn.startsWith('arn:') && !arn.endsWith('*'))
  const resources = [...new Set(named)].map(toResource)
  for (const { type, id } of caused) if (!named.includes(id)) resources.push({ ARN: id, type })
  return resources.length > 0 ? resources : undefined
}

function toResource(arn: string): AuditedResource {
  const [, , service = '', , account, ...rest] = arn.split(':')
  const resource = rest.join(':')
  const kind = /^([^/:]+)[/:]/.exec(resource)?.[1]
  const type = kind ? kind.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase()) : 'Topic'
  return {
    ARN: arn,
    ...(account ? { accountId: account } : {}),
    type: `AWS::${SERVICES[service] ?? service.toUpperCase()}::${type}`,
  }
}

/** Where CloudFormation does not write the service in capitals. */
const SERVICES: Readonly<Record<string, string>> = { cloudtrail: 'CloudTrail', events: 'Events' }

function identityOf(principal: Principal): UserIdentity {
  const { account: accountId, arn } = principal
  switch (principal.kind) {
    case 'root': {
      const { accessKeyId, session } = principal
      return { type: 'Root', principalId: accountId, arn, accountId, accessKeyId, ...contextOf(session) }
    }
    case 'user': {
      const { userId: principalId, accessKeyId, name: userName, session } = principal
      return { type: 'IAMUser', principalId, arn, accountId, accessKeyId, userName, ...contextOf(session) }
    }
    case 'role': {
      const { userId: principalId, accessKeyId, session, roleArn, name } = principal
      const issuer = { type: 'Role', principalId: principalId.split(':')[0], arn: roleArn, accountId, userName: name }
      return { type: 'AssumedRole', principalId, arn, accountId, accessKeyId, ...contextOf(session, issuer) }
    }
    case 'federated': {
      const { userId: principalId, accessKeyId, session, issuer: by } = principal
      const issuer = by
        ? { type: 'IAMUser', principalId: by.userId, arn: by.arn, accountId, userName: by.name }
        : { type: 'Root', principalId: accountId, arn: `arn:aws:iam::${accountId}:root`, accountId }
      return { type: 'FederatedUser', principalId, arn, accountId, accessKeyId, ...contextOf(session, issuer) }
    }
    case 'node': {
      const name = principal.role.split('/').at(-1)!
      const role = principal.role.startsWith('arn:')
        ? principal.role
        : `arn:aws:iam::${accountId}:role/${principal.role}`
      const sessionContext = { sessionIssuer: { type: 'Role', arn: role, accountId, userName: name } }
      return { type: 'AssumedRole', principalId: `${name}:${principal.nodeId}`, arn, accountId, sessionContext }
    }
    case 'anonymous':
      return { type: 'AWSAccount', principalId: '', accountId: 'ANONYMOUS_PRINCIPAL' }
  }
}

function contextOf(session: SessionFacts | undefined, sessionIssuer?: object): Pick<UserIdentity, 'sessionContext'> {
  if (!session) return {}
  const { issuedAt, mfaAt, sourceIdentity, federatedProvider } = session
  const attributes = { creationDate: new Date(issuedAt).toISOString(), mfaAuthenticated: String(mfaAt !== undefined) }
  return {
    sessionContext: {
      ...(sessionIssuer ? { sessionIssuer } : {}),
      ...(federatedProvider ? { webIdFederationData: { federatedProvider } } : {}),
      attributes,
      ...(sourceIdentity ? { sourceIdentity } : {}),
    },
  }
}

function unproven(claimedKey: string | undefined): UserIdentity {
  return claimedKey === undefined ? { type: 'Unknown' } : { type: 'Unknown', accessKeyId: claimedKey.slice(0, 128) }
}
