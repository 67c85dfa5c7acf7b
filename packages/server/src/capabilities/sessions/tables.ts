export interface SessionTables {
  session: SessionRow
  session_token: SessionTokenRow
}

export type SessionStatus = 'Connecting' | 'Connected' | 'Disconnected' | 'Terminating' | 'Terminated' | 'Failed'
export type SessionType = 'Standard_Stream' | 'InteractiveCommands' | 'NonInteractiveCommands' | 'Port'
export type ApprovalState = 'Pending' | 'Approved' | 'Rejected' | 'Expired'

/**
 * `job` is what the node is to be sent: the session's start until the node opens its data channel, then its end until the node says that
 * the session is over there.
 */
export interface SessionRow {
  id: string
  account: string
  region: string
  node_id: string
  /** ARN of who started it, and what `aws:userid` was then. */
  owner_arn: string
  owner_id: string
  /** What the id begins with. */
  owner_name: string
  document_name: string
  session_type: SessionType
  reason: string | null
  status: SessionStatus
  /** What its user was told at its end; null if nothing. */
  details: string | null
  started_at: string
  ended_at: string | null
  /** When the present state ends if nothing happens: a node that does not answer, an approval that nobody gives. */
  deadline: string | null
  idle_ms: number
  /** Minutes, as the document says; null: no limit. */
  max_duration: string | null
  encrypted: number
  /** Of a port session: what it leads to. */
  destination: string | null
  /** JSON: {@link SessionPolicy}. */
  policy: string
  /** JSON: {@link AcknowledgedFrames}. */
  acknowledged: string
  s3_url: string | null
  cloudwatch_url: string | null
  job: 'start' | 'end' | null
  /** When the job is sent, or sent again; null: when the node connects anew. */
  job_due: string | null
  /** The start as the node gets it; null once the node has it, since parameters may be secret. */
  start_payload: string | null
  /** Null: the session needs no approval. */
  approval: ApprovalState | null
  approver_arn: string | null
  approval_comment: string | null
  approval_at: string | null
}

/** A token with which one side may open the data channel, once. */
export interface SessionTokenRow {
  /** SHA-256 in hexadecimal: tokens are long and random, so it needs no slow hash. */
  token_hash: string
  session_id: string
  side: 'client' | 'agent' | 'viewer'
  expires_at: string
}
