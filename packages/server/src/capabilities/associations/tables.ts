import type { AssociationStatus } from '@steward/model/generated/ssm.ts'

export interface AssociationTables {
  association: AssociationTable
  association_version: AssociationVersionTable
  association_node: AssociationNodeTable
  association_execution: ExecutionTable
  association_run: RunTable
  association_seen_node: SeenNodeTable
}

export interface AssociationTable {
  id: string
  account: string
  region: string
  /** AssociationName. */
  name: string | null
  document_name: string
  /** Of associations of the old kind, which have a node instead of targets. */
  node_id: string | null
  version: number
  /** JSON: the {@link Definition} of the latest version. */
  definition: string
  created_at: string
  updated_at: string
  /** What nodes would run now: changes with the content of the document and of the parameters it refers to. Empty if it cannot run. */
  content_hash: string
  /** The first time due that has had no execution; null if there is none. */
  next_run: string | null
  last_run_at: string | null
  last_success_at: string | null
  /** Of the latest execution. */
  status: string
  detailed_status: string
  /** JSON of AssociationStatus, as UpdateAssociationStatus left it. */
  reported_status: string | null
}

export type ReportedStatus = AssociationStatus

export interface AssociationVersionTable {
  association_id: string
  version: number
  created_at: string
  definition: string
}

/** What an association came to on one node, last time. */
export interface AssociationNodeTable {
  association_id: string
  node_id: string
  account: string
  region: string
  status: string
  detailed_status: string
  error_code: string
  summary: string
  /** The version of the association and of its document that the status speaks of. */
  version: number
  document_version: string
  execution_id: string | null
  executed_at: string | null
  succeeded_at: string | null
  output_url: string | null
}

/** One application of an association to its nodes. */
export interface ExecutionTable {
  id: string
  association_id: string
  account: string
  region: string
  version: number
  /** Why it began, one of {@link Cause}. */
  cause: string
  created_at: string
  /** The time of the schedule that it serves. No two executions of an association serve the same. */
  due_at: string | null
  /** No node begins after it, and what runs then is stopped (Duration). */
  start_until: string | null
  ended_at: string | null
  last_run_at: string | null
  status: string
  detailed_status: string
  target_count: number
  in_flight: number
  error_count: number
  concurrency_limit: number
  error_limit: number
  /** JSON: how many nodes have ended in each status. */
  ended: string
}

/** An execution on one node. */
export interface RunTable {
  execution_id: string
  node_id: string
  association_id: string
  account: string
  region: string
  stage: Stage
  /** 1 unless it has ended. */
  open: number
  /** When to look at it again. While waiting: to tell the node; handed out: to take it back; running or stopping: to give it up. */
  due_at: string
  /** Of what waits or is to stop: its turn has not come; it has, but there is no room; the node is to be told; it was told. */
  summons: 'none' | 'held' | 'due' | 'sent'
  status: string
  detailed_status: string
  error_code: string
  summary: string
  executed_at: string | null
  output_url: string | null
}

export type Stage = 'waiting' | 'handed' | 'running' | 'stopping' | 'ended'

/** Nodes whose associations are worked out for the tags that they carried then. */
export interface SeenNodeTable {
  node_id: string
  account: string
  region: string
  tags: string
}
