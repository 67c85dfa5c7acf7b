import type { ComplianceSeverity, ComplianceStatus } from '@steward/model/generated/ssm.ts'

export interface ComplianceTables {
  compliance_item: ItemTable
  compliance_summary: SummaryTable
  compliance_period: PeriodTable
  compliance_manual_association: ManualAssociationTable
}

/** What is of one type on one node. */
interface OfNode {
  account: string
  region: string
  node_id: string
  /** `Association`, `Patch`, `Custom:…` */
  type: string
}

interface ExecutionColumns {
  execution_time: string
  execution_id: string | null
  execution_type: string | null
}

export interface ItemTable extends OfNode, ExecutionColumns {
  /** Empty if it was put without one. */
  item_id: string
  title: string | null
  status: ComplianceStatus
  severity: ComplianceSeverity
  /** JSON, or null. */
  details: string | null
  /** 1 if it stays when the node reports anew: the server keeps it, not the node. */
  lasting: number
  /** Since when it is not compliant; null if it is, or has been so since before this was kept. */
  failing_since: string | null
}

/** Counts of items, such as `non_compliant_high`. */
export type CountColumn = `${Lowercase<ComplianceStatus>}_${Lowercase<ComplianceSeverity>}`

/** The items of one type on one node in numbers. There is none without items. */
export interface SummaryTable extends OfNode, ExecutionColumns, Record<CountColumn, number> {
  status: ComplianceStatus
  /** The highest of what is not compliant. */
  severity: ComplianceSeverity
  patch_group: string | null
  patch_baseline_id: string | null
  /** As it came with the latest items that were put as a whole. */
  content_hash: string | null
  /** Another one after each change of the items. */
  revision: string
}

/** A time for which one type had the same status and severity on one node. */
export interface PeriodTable extends OfNode {
  since: string
  /** Null: still. */
  until: string | null
  status: ComplianceStatus
  severity: ComplianceSeverity
}

/** Associations whose compliance is what callers of PutComplianceItems say. */
export interface ManualAssociationTable {
  account: string
  region: string
  association_id: string
}
