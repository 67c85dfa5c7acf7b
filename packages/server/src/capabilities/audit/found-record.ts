import type { AuditOutcome, FoundAuditRecord } from '@steward/model/generated/steward.ts'
import { type AuditRecord, instantOf } from '#kernel/audit-record.ts'
import type { Scope } from '#kernel/scope.ts'
import { resourceName, resourcesOf, usernameOf } from './marks.ts'

/** Calls of IAM, and signing in, belong to every Region. */
export function isOf({ account, region }: Scope, record: AuditRecord): boolean {
  const { recipientAccountId, awsRegion, eventSource, eventType } = record
  const isGlobal = eventSource === 'iam.amazonaws.com' || eventType === 'AwsConsoleSignIn'
  return recipientAccountId === account && (awsRegion === region || isGlobal)
}

/** Whether a call did what it was asked to, was refused by a policy, or failed for another reason. */
export function outcomeOf({ errorCode, errorMessage }: AuditRecord): AuditOutcome {
  if (errorCode === 'AccessDenied') return 'Denied'
  return errorCode === undefined && errorMessage === undefined ? 'Succeeded' : 'Failed'
}

/** A record as our own operations tell it. */
export function toFoundRecord(record: AuditRecord): FoundAuditRecord {
  const { userIdentity } = record
  return {
    EventId: record.eventID,
    EventTime: new Date(instantOf(record.eventID) ?? record.eventTime),
    EventName: record.eventName,
    EventSource: record.eventSource,
    Region: record.awsRegion,
    Principal: {
      Type: userIdentity.type,
      Name: usernameOf(record) ?? userIdentity.invokedBy,
      Arn: userIdentity.arn,
      AccessKeyId: userIdentity.accessKeyId,
    },
    SourceIpAddress: record.sourceIPAddress,
    UserAgent: record.userAgent,
    RequestId: record.requestID,
    ReadOnly: record.readOnly,
    Outcome: outcomeOf(record),
    ErrorCode: record.errorCode,
    ErrorMessage: record.errorMessage,
    Resources: resourcesOf(record).map((one) => ({ Type: one.type, Name: resourceName(one), Arn: one.ARN })),
    Record: JSON.stringify(record),
  }
}
