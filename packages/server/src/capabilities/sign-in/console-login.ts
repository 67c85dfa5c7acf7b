/** Records of attempts to sign in, in the words that CloudTrail has for the AWS console. */
import type { SignInMethod } from '@steward/model/generated/steward.ts'
import { identityOf } from '#kernel/audit-identity.ts'
import { type AuditRecord, eventId, type UserIdentity } from '#kernel/audit-record.ts'
import type { OpenCall, SessionToIssue } from '#kernel/declare.ts'

/** How an attempt went. Names that nobody has are not written down: people type passwords there. */
export interface Attempt {
  readonly eventName: 'ConsoleLogin' | 'CheckMfa'
  readonly who: SessionToIssue | undefined
  readonly method: SignInMethod
  readonly mfaUsed: boolean
  /** What the person was told; undefined: it went well. */
  readonly refusal?: string
}

type Facts = Pick<OpenCall, 'scope' | 'now' | 'ids' | 'sourceIp' | 'userAgent' | 'requestId' | 'origin'>

const HIDDEN = 'HIDDEN_DUE_TO_SECURITY_REASONS'

export function consoleLogin(call: Facts, attempt: Attempt): AuditRecord {
  const { now, ids, sourceIp, userAgent, requestId, origin } = call
  const { account, region } = call.scope
  const { eventName, who, method, mfaUsed, refusal } = attempt
  return {
    eventVersion: '1.11',
    userIdentity: who ? userIdentity(who) : { type: 'IAMUser', accountId: account, accessKeyId: '', userName: HIDDEN },
    eventTime: `${now.toISOString().slice(0, 19)}Z`,
    eventSource: 'signin.amazonaws.com',
    eventName,
    awsRegion: region,
    sourceIPAddress: sourceIp,
    userAgent: userAgent?.slice(0, 1024),
    errorMessage: refusal,
    requestParameters: null,
    responseElements: { [eventName]: refusal === undefined ? 'Success' : 'Failure' },
    additionalEventData: { LoginTo: `${origin}/console`, MobileVersion: 'No', MFAUsed: mfaUsed ? 'Yes' : 'No', method },
    requestID: requestId,
    eventID: eventId(now, ids.uuid()),
    readOnly: false,
    eventType: 'AwsConsoleSignIn',
    managementEvent: true,
    recipientAccountId: account,
    eventCategory: 'Management',
  }
}

/** There is no key yet. */
function userIdentity(who: SessionToIssue): UserIdentity {
  const { accessKeyId: _none, ...identity } = identityOf({ ...who, accessKeyId: '' })
  return identity
}
