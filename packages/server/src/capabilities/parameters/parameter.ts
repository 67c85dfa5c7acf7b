/** Parameters as answers show them, and the rules of tiers. */
import type {
  Parameter,
  ParameterHistory,
  ParameterMetadata,
  ParameterTier,
  ParameterType,
} from '@steward/model/generated/ssm.ts'
import { noWayBackToStandard, policiesNeedAdvanced, tooLargeForAdvanced, tooLargeForStandard } from './errors.ts'
import { type Labels, labelsOf } from './labels.ts'
import { parameterArn, type Selector } from './name.ts'
import { toApiPolicies } from './policies.ts'
import type { ParameterTable, ShownVersion, VersionTable } from './tables.ts'

/** How many versions are kept, the latest included (PS-06). */
export const VERSIONS = 100

export const TIERS = {
  Standard: { bytes: 4096, parameters: 10_000 },
  Advanced: { bytes: 8192, parameters: 100_000 },
} as const

export type Tier = keyof typeof TIERS

/** A version of a parameter, as a caller asked for it. */
export interface Found {
  readonly row: ShownVersion
  /** As the answer calls it. */
  readonly name: string
  readonly selector?: Selector | undefined
}

/** What `value` is, was decided by whoever knows whether the caller wants it decrypted. */
export function toApiParameter({ row, name, selector }: Found, value: string): Parameter {
  return {
    Name: name,
    Type: row.type as ParameterType,
    Value: value,
    Version: row.version,
    ...(selector ? { Selector: `:${selector.text}` } : {}),
    LastModifiedDate: new Date(row.modified_at),
    ARN: parameterArn(row, row.key),
    DataType: row.data_type,
  }
}

export function toMetadata(row: ParameterTable): ParameterMetadata {
  return {
    ...shared(row),
    Name: row.name,
    ARN: parameterArn(row, row.key),
    Policies: toApiPolicies(row.policies, true),
  }
}

export function toHistory(row: VersionTable, name: string, labels: Labels, value: string): ParameterHistory {
  return {
    ...shared(row),
    Name: name,
    Value: value,
    Labels: labelsOf(labels, row.version),
    Policies: toApiPolicies(row.policies, false),
  }
}

function shared(row: VersionTable) {
  return {
    Type: row.type as ParameterType,
    ...(row.key_id === null ? {} : { KeyId: row.key_id }),
    LastModifiedDate: new Date(row.modified_at),
    LastModifiedUser: row.modified_by,
    ...(row.description === null ? {} : { Description: row.description }),
    ...(row.allowed_pattern === null ? {} : { AllowedPattern: row.allowed_pattern }),
    Version: row.version,
    Tier: row.tier as ParameterTier,
    DataType: row.data_type,
  }
}

export interface TierQuestion {
  /** What the caller said; undefined: the account's default counts. */
  readonly asked: ParameterTier | undefined
  readonly standing: ParameterTier
  readonly current: Tier | undefined
  readonly value: string
  readonly hasPolicies: boolean
  /** No further Standard parameter can be made. */
  readonly standardIsFull: boolean
}

/** The tier that a new version gets (PS-03). Throws where it would have to go back, or the value or policies do not fit. */
export function tierFor({ asked, standing, current, value, hasPolicies, standardIsFull }: TierQuestion): Tier {
  const bytes = Buffer.byteLength(value)
  if (bytes > TIERS.Advanced.bytes) throw tooLargeForAdvanced()
  if (asked === 'Standard' && current === 'Advanced') throw noWayBackToStandard()
  const wanted = asked ?? standing
  if (wanted === 'Advanced' || current === 'Advanced') return 'Advanced'
  const fits = bytes <= TIERS.Standard.bytes
  if (wanted === 'Intelligent-Tiering') {
    return !fits || hasPolicies || (current === undefined && standardIsFull) ? 'Advanced' : 'Standard'
  }
  if (!fits) throw tooLargeForStandard()
  if (hasPolicies) throw policiesNeedAdvanced()
  return 'Standard'
}
