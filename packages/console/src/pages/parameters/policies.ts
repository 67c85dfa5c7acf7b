/** Policies of parameters: the JSON that Parameter Store takes, and what a form shows of it. */
import type { ParameterInlinePolicy } from '@aws-sdk/client-ssm'

export const POLICY_TYPES = ['Expiration', 'ExpirationNotification', 'NoChangeNotification'] as const
export type PolicyType = (typeof POLICY_TYPES)[number]
export type Unit = 'Days' | 'Hours'

/** A policy as the form has it: `at` of an expiration, ISO; `amount` and `unit` of the others. */
export interface PolicyDraft {
  readonly type: PolicyType
  readonly at: string
  readonly amount: string
  readonly unit: Unit
}

interface Stored {
  readonly Type: string
  readonly Attributes?: Readonly<Record<string, string | undefined>>
}

/** When the parameter deletes itself. */
export function expirationOf(policies: readonly ParameterInlinePolicy[]): Date | undefined {
  const policy = policies.find(({ PolicyType }) => PolicyType === 'Expiration')
  const at = policy?.PolicyText && (JSON.parse(policy.PolicyText) as Stored).Attributes?.Timestamp
  return at ? new Date(at) : undefined
}

/** The list as JSON, to read and to edit. */
export function policiesText(policies: readonly ParameterInlinePolicy[]): string {
  const list = policies.map(({ PolicyText = '{}' }) => JSON.parse(PolicyText) as unknown)
  return list.length === 0 ? '' : JSON.stringify(list, null, 2)
}

/** What a form shows of the JSON. Undefined if it is no list, or says what the form has no field for. */
export function draftsOf(text: string): PolicyDraft[] | undefined {
  if (text.trim() === '') return []
  try {
    const drafts = (JSON.parse(text) as Stored[]).map(draftOf)
    return drafts.includes(undefined) ? undefined : (drafts as PolicyDraft[])
  } catch {
    return undefined
  }
}

function draftOf({ Type, Attributes = {} }: Stored): PolicyDraft | undefined {
  const type = POLICY_TYPES.find((one) => one === Type)
  if (!type) return undefined
  const { Timestamp = '', Before, After, Unit } = Attributes
  return { type, at: Timestamp, amount: Before ?? After ?? '', unit: Unit === 'Hours' ? 'Hours' : 'Days' }
}

export function textOfDrafts(drafts: readonly PolicyDraft[]): string {
  return drafts.length === 0 ? '' : JSON.stringify(drafts.map(policyOf), null, 2)
}

function policyOf({ type, at, amount, unit }: PolicyDraft): object {
  const attributes = {
    Expiration: { Timestamp: at },
    ExpirationNotification: { Before: amount, Unit: unit },
    NoChangeNotification: { After: amount, Unit: unit },
  }
  return { Type: type, Version: '1.0', Attributes: attributes[type] }
}

export function newDraft(type: PolicyType): PolicyDraft {
  const monthAhead = new Date(Date.now() + 30 * 86_400_000)
  monthAhead.setSeconds(0, 0)
  return { type, at: monthAhead.toISOString(), amount: type === 'Expiration' ? '' : '7', unit: 'Days' }
}
