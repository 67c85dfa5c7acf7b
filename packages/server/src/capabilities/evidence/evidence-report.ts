/** What an evidence report is about, how it stands, and how it is shown. Pure. */
import type {
  EvidenceDestination,
  EvidenceNodeCounts,
  EvidenceOfType,
  EvidenceReport,
  EvidenceSignOff,
  EvidenceSignOffState,
  EvidenceStatement,
  OverviewTarget,
} from '@steward/model/generated/steward.ts'
import { arn, type Scope } from '#kernel/scope.ts'
import type { ReportTable, SignOffTable } from './tables.ts'

/** Which nodes, as `SendCommand` takes targets, and which types of compliance; without any: all. */
export interface EvidenceScope {
  readonly targets: readonly OverviewTarget[]
  readonly types: readonly string[]
}

export interface Figures {
  readonly nodes: EvidenceNodeCounts
  readonly types: readonly EvidenceOfType[]
}

/** People may change their mind, but not forever. */
export const MOST_SIGN_OFFS = 100

export function reportArn(scope: Scope, id: string): string {
  return arn(scope, 'steward', `evidence-report/${id}`)
}

export function scopeOf({ scope }: Pick<ReportTable, 'scope'>): EvidenceScope {
  return JSON.parse(scope) as EvidenceScope
}

export function destinationOf({ destination }: Pick<ReportTable, 'destination'>): EvidenceDestination | undefined {
  return destination === null ? undefined : (JSON.parse(destination) as EvidenceDestination)
}

/** Rejected while anybody rejects it, accepted once somebody does; of one person the last word counts. */
export function signOffState(
  signOffs: readonly { readonly signer: string; readonly statement: EvidenceStatement }[],
): EvidenceSignOffState {
  const last = new Set(new Map(signOffs.map(({ signer, statement }) => [signer, statement])).values())
  return last.has('Rejected') ? 'Rejected' : last.has('Accepted') ? 'Accepted' : 'Unsigned'
}

/** Where its files are in a bucket. */
export function objectKey(
  row: Pick<ReportTable, 'id' | 'account' | 'region' | 'created_at'>,
  prefix: string,
  extension: string,
) {
  const folder = prefix.replace(/\/+$/, '')
  const place = `evidence/accountid=${row.account}/region=${row.region}/${row.created_at.slice(0, 10)}/${row.id}.${extension}`
  return folder === '' ? place : `${folder}/${place}`
}

/** Of what is downloaded. */
export function fileName({ created_at, id }: Pick<ReportTable, 'created_at' | 'id'>, extension: string): string {
  return `evidence-${created_at.slice(0, 10)}-${id}.${extension}`
}

export function toReport(row: ReportTable): EvidenceReport {
  const { targets, types } = scopeOf(row)
  const figures = row.figures === null ? undefined : (JSON.parse(row.figures) as Figures)
  const destination = destinationOf(row)
  const keys = ['csv', 'pdf'].map((extension) => objectKey(row, destination?.Prefix ?? '', extension))
  return {
    ReportId: row.id,
    Arn: reportArn(row, row.id),
    Name: row.name,
    Status: row.status,
    StatusMessage: row.message ?? undefined,
    CreatedAt: new Date(row.created_at),
    CompletedAt: dateOf(row.completed_at),
    RequestedBy: row.requested_by,
    ScheduleName: row.schedule_name ?? undefined,
    DueAt: dateOf(row.due_at),
    ...(types.length > 0 && { ComplianceTypes: [...types] }),
    ...(targets.length > 0 && { Targets: [...targets] }),
    Nodes: figures?.nodes,
    Types: figures && [...figures.types],
    Digest: row.digest ?? undefined,
    Size: row.size === null ? undefined : Number(row.size),
    AuditRecords: row.audit_records === null ? undefined : Number(row.audit_records),
    AuditHash: row.audit_hash ?? undefined,
    SignOff: row.sign_off,
    Destination: destination,
    Delivery:
      row.delivery === null
        ? undefined
        : {
            Status: row.delivery,
            Message: row.delivery_message ?? undefined,
            Keys: row.delivery === 'Delivered' ? keys : [],
          },
  }
}

export function toSignOff(row: SignOffTable): EvidenceSignOff {
  return {
    Signer: row.signer,
    SignedAt: new Date(row.signed_at),
    Statement: row.statement,
    Comment: row.comment ?? undefined,
    Digest: row.digest,
    SourceIPAddress: row.source_ip,
  }
}

function dateOf(text: string | null): Date | undefined {
  return text === null ? undefined : new Date(text)
}
