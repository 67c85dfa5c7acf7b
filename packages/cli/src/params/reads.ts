/**
 * Who read parameters, as the audit trail knows: by their names, by a path above them, or by handing `{{ssm:…}}` to a command, a
 * session or an association.
 */
import type { cloudtrail } from '@steward/model'
import type { Api, Wire } from '#api.ts'
import { at } from '#xml.ts'

export interface Read {
  /** Seconds since 1970. */
  readonly at: number
  /** An ARN, as far as it is known. */
  readonly by: string
  readonly operation: string
}

const BY_NAME =
  /^(?:GetParameters?|GetParameterHistory|SendCommand|StartSession|CreateAssociation|CreateAssociationBatch|UpdateAssociation)$/

/** Makes the ARNs of the caller's parameters. */
export async function parameterArns(api: Api, region: string): Promise<(name: string) => string> {
  const account = at(await api.query('sts', 'GetCallerIdentity', {}), 'Account')?.text
  return (name) => `arn:aws:ssm:${region}:${account}:parameter/${name.replace(/^\//, '')}`
}

/**
 * Reads that were answered since then, the newest of each way first. What reads it is asked for is asked for only as it is taken. Who
 * looked before the parameter was made, as `params import` does, found nothing, and did not read it.
 */
export async function* readsOf(api: Api, arn: string, from: Date): AsyncGenerator<Read> {
  let since = from
  for await (const call of callsOn(api, arn, from)) {
    if (call.eventName === 'PutParameter' && call.responseElements?.version === 1) {
      since = new Date(call.eventTime)
      break
    }
    if (BY_NAME.test(call.eventName)) yield toRead(call)
  }
  const parent = above(arn)
  for (let path = parent; path; path = above(path)) {
    for await (const call of callsOn(api, path, since)) {
      const reaches = path === parent || call.requestParameters?.recursive === true
      if (call.eventName === 'GetParametersByPath' && reaches) yield toRead(call)
    }
  }
}

/** As CloudTrail writes a call down. */
interface RecordedCall {
  readonly eventName: string
  readonly eventTime: string
  readonly errorCode?: string
  readonly userIdentity?: { readonly arn?: string; readonly principalId?: string }
  readonly requestParameters?: { readonly recursive?: unknown } | null
  readonly responseElements?: { readonly version?: unknown } | null
}

/** `…:parameter/a` above `…:parameter/a/b`, and `…:parameter/` above that; nothing is above the latter. */
function above(arn: string): string | undefined {
  const [, prefix = '', name = ''] = /^(.*?:parameter\/)(.*)$/.exec(arn) ?? []
  if (name === '') return undefined
  return prefix + name.slice(0, Math.max(0, name.lastIndexOf('/')))
}

async function* callsOn(api: Api, arn: string, since: Date): AsyncGenerator<RecordedCall> {
  const asked = {
    LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: arn } as const],
    StartTime: since.getTime() / 1000,
  }
  let NextToken: string | undefined
  do {
    const page: Wire<cloudtrail.LookupEventsResponse> = await api.cloudtrail('LookupEvents', { ...asked, NextToken })
    for (const { CloudTrailEvent = '{}' } of page.Events ?? []) {
      const call = JSON.parse(CloudTrailEvent) as RecordedCall
      if (call.errorCode === undefined) yield call
    }
    NextToken = page.NextToken
  } while (NextToken)
}

function toRead({ eventName, eventTime, userIdentity }: RecordedCall): Read {
  const by = userIdentity?.arn ?? userIdentity?.principalId ?? 'somebody'
  return { at: Date.parse(eventTime) / 1000, by, operation: eventName }
}
