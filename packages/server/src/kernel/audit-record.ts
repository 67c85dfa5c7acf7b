import type { Scope } from './scope.ts'

/** The record of one call, in the shape of a CloudTrail event, member by member in CloudTrail's order. Values that are secret are masked. */
export interface AuditRecord {
  readonly eventVersion: string
  readonly userIdentity: UserIdentity
  /** When the call was answered, to the second as in CloudTrail; {@link instantOf} knows the millisecond. */
  readonly eventTime: string
  readonly eventSource: string
  readonly eventName: string
  readonly awsRegion: string
  readonly sourceIPAddress: string
  readonly userAgent?: string | undefined
  /** The error that the caller got, `AccessDenied` if it was refused; absent from successes. */
  readonly errorCode?: string | undefined
  readonly errorMessage?: string | undefined
  readonly requestParameters: unknown
  /** What a call that changes something answered; null for those that only look. */
  readonly responseElements: unknown
  readonly additionalEventData?: Readonly<Record<string, unknown>> | undefined
  readonly requestID?: string | undefined
  /** Made by {@link eventId}. */
  readonly eventID: string
  readonly readOnly: boolean
  readonly resources?: readonly AuditedResource[] | undefined
  readonly eventType: 'AwsApiCall' | 'AwsServiceEvent' | 'AwsConsoleSignIn'
  readonly apiVersion?: string | undefined
  readonly managementEvent: boolean
  readonly recipientAccountId: string
  /** `Data` for what is about the content of a bucket. */
  readonly eventCategory: 'Management' | 'Data'
  readonly tlsDetails?: { readonly clientProvidedHostHeader: string } | undefined
}

export interface UserIdentity {
  readonly type:
    | 'Root'
    | 'IAMUser'
    | 'AssumedRole'
    | 'FederatedUser'
    | 'AWSAccount'
    | 'AWSService'
    | 'WebIdentityUser'
    | 'Unknown'
  readonly principalId?: string | undefined
  readonly arn?: string | undefined
  readonly accountId?: string | undefined
  /** Of a caller that could not be proven: the key that it claimed to have. */
  readonly accessKeyId?: string | undefined
  readonly userName?: string | undefined
  /** Of a web identity: the ARN of its provider. */
  readonly identityProvider?: string | undefined
  readonly sessionContext?: object | undefined
  readonly invokedBy?: string | undefined
}

export interface AuditedResource {
  readonly ARN: string
  readonly accountId?: string | undefined
  /** As CloudFormation calls it, such as `AWS::SSM::Parameter`. */
  readonly type?: string | undefined
}

/** Something that a call brought about and that goes on by itself, such as a command. */
export interface Caused {
  /** As CloudFormation would call it, such as `AWS::SSM::Command`. */
  readonly type: string
  readonly id: string
}

/** A record as it stands in the trail, with what the trail must know of it: little, as long as it waits for its place. */
export interface WrittenRecord {
  /** The event's id. */
  readonly id: string
  /** JSON, in one line. */
  readonly text: string
  /** By what it is found (`audit/marks.ts`): in turns the number of an attribute and a number that stands for one of its values. */
  readonly marks: readonly number[]
  /** Where something was changed and by whose wish, for those who are told of it; undefined if the call only looked. */
  readonly change: Pick<AuditRecord, 'recipientAccountId' | 'awsRegion' | 'sourceIPAddress'> | undefined
}

/**
 * The id of an event: a UUID of version 7, whose first 48 bits are the event's instant, so that the order of ids is that of time.
 * `uuid` gives the random part.
 */
export function eventId(at: Date, uuid: string): string {
  const time = Math.max(0, at.getTime()).toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8, 12)}-7${uuid.slice(15)}`
}

/** The instant that an event's id states, in epoch milliseconds; undefined if it is no such id. */
export function instantOf(id: string): number | undefined {
  if (id.length !== 36 || id[14] !== '7') return undefined
  const time = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
  return Number.isNaN(time) ? undefined : time
}

/** Something that no call did, such as a key that was rotated by its schedule. */
export interface ServiceEvent {
  readonly scope: Scope
  /** As its records name it, such as `kms`. */
  readonly service: string
  readonly name: string
  /** Default: the service itself. */
  readonly identity?: UserIdentity
  readonly resources?: readonly AuditedResource[]
  readonly data?: Readonly<Record<string, unknown>>
}

/** Its record, in the words that CloudTrail has for what AWS does by itself. `uuid` is random. */
export function toServiceRecord(event: ServiceEvent, at: Date, uuid: string): AuditRecord {
  const { account, region } = event.scope
  return {
    eventVersion: '1.11',
    userIdentity: event.identity ?? { type: 'AWSService', accountId: account, invokedBy: INTERNAL },
    eventTime: `${at.toISOString().slice(0, 19)}Z`,
    eventSource: `${event.service}.amazonaws.com`,
    eventName: event.name,
    awsRegion: region,
    sourceIPAddress: INTERNAL,
    userAgent: INTERNAL,
    requestParameters: null,
    responseElements: null,
    additionalEventData: event.data,
    eventID: eventId(at, uuid),
    readOnly: false,
    resources: event.resources,
    eventType: 'AwsServiceEvent',
    managementEvent: true,
    recipientAccountId: account,
    eventCategory: 'Management',
  }
}

const INTERNAL = 'AWS Internal'
