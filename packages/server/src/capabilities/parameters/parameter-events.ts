/** What is said of parameters on the event bus (PS-18). No value is ever part of it. */
import { emitEvent } from '#capabilities/events/index.ts'
import type { Tx } from '#db/database.ts'
import type { Ids } from '#kernel/ids.ts'
import { parameterArn } from './name.ts'
import type { ParameterPolicy } from './policies.ts'
import type { ParameterTable } from './tables.ts'

/** The part of a call or of a task's context that events need. */
export interface Teller {
  readonly db: Tx
  readonly now: Date
  readonly ids: Ids
}

type Subject = Pick<ParameterTable, 'account' | 'region' | 'key' | 'name' | 'type' | 'description'>

export type Change = 'Create' | 'Update' | 'Delete' | 'LabelParameterVersion'

export function tellChange(
  teller: Teller,
  subject: Subject,
  operation: Change,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { name, type, description } = subject
  const detail = { operation, name, type, ...(description ? { description } : {}), ...more }
  return tell(teller, subject, 'Parameter Store Change', detail)
}

export function tellPolicy(teller: Teller, subject: Subject, policy: ParameterPolicy, reason?: string): Promise<void> {
  return tell(teller, subject, 'Parameter Store Policy Action', {
    'parameter-name': subject.name,
    'parameter-type': subject.type,
    'policy-type': policy.type,
    'policy-content': policy.text,
    'action-status': 'Success',
    ...(reason ? { 'action-reason': reason } : {}),
  })
}

function tell({ db, now, ids }: Teller, subject: Subject, detailType: string, detail: object): Promise<void> {
  const resources = [parameterArn(subject, subject.key)]
  return emitEvent(db, subject, now, ids, { detailType, resources, detail: { ...detail } })
}
