import type {
  EvidenceDeliveryStatus,
  EvidenceSignOffState,
  EvidenceStatement,
  EvidenceStatus,
} from '@steward/model/generated/steward.ts'

export interface EvidenceTables {
  evidence_report: ReportTable
  evidence_content: ContentTable
  evidence_sign_off: SignOffTable
  evidence_schedule: ScheduleTable
}

/** What a report is asked for. */
interface Asked {
  account: string
  region: string
  /** JSON: {@link import('./evidence-report.ts').EvidenceScope}. */
  scope: string
  /** ARN. */
  requested_by: string
  /** JSON: `EvidenceDestination`; null: it is written nowhere else. */
  destination: string | null
}

export interface ReportTable extends Asked {
  id: string
  name: string
  status: EvidenceStatus
  message: string | null
  created_at: string
  completed_at: string | null
  /** The schedule that it was due by, by its id and by its name then; null: somebody asked for it. */
  schedule_id: string | null
  schedule_name: string | null
  due_at: string | null
  /** JSON: the figures, once it is complete. */
  figures: string | null
  /** SHA-256 of the content, in hexadecimal. */
  digest: string | null
  /** Bytes of the content, and the parts in which it is kept. */
  size: number | null
  parts: number | null
  audit_records: number | null
  audit_hash: string | null
  sign_off: EvidenceSignOffState
  delivery: EvidenceDeliveryStatus | null
  delivery_message: string | null
}

/** One part of what a report says, compressed. */
export interface ContentTable {
  report_id: string
  part: number
  data: Uint8Array
}

export interface SignOffTable {
  id: string
  report_id: string
  /** ARN. */
  signer: string
  signed_at: string
  statement: EvidenceStatement
  comment: string | null
  /** What was signed. */
  digest: string
  source_ip: string
}

export interface ScheduleTable extends Asked {
  /** Another one for a schedule that is deleted and made again. */
  id: string
  name: string
  report_name: string
  expression: string
  /** IANA name. */
  zone: string
  created_at: string
  modified_at: string
  /** Null: it is never due any more. */
  next_run: string | null
  last_report_id: string | null
}
