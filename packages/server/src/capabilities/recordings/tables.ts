export interface RecordingTables {
  session_recording: RecordingTable
  session_recording_chunk: ChunkTable
  session_recording_view: ViewTable
}

/** What was shown in one session, or that nothing of it can be. Written at its beginning and at its end. */
export interface RecordingTable {
  session_id: string
  account: string
  region: string
  node_id: string
  owner_arn: string
  document_name: string
  session_type: string
  /** Of a port session: what it leads to. */
  destination: string | null
  /** Whether there is more than metadata: nothing is recorded of ports, and of what is encrypted between the two ends. */
  content: 'terminal' | 'none' | 'encrypted'
  started_at: string
  /** The key of its chunks, sealed by the vault. */
  data_key: Uint8Array
  /** Bytes of a port session. */
  to_node: number
  from_node: number
  /** When the session was first seen to be over while the recording was not; null before. */
  over_since: string | null
  /** Null while it goes on; the columns below are then null too. */
  ended_at: string | null
  /** 1 if the server stopped before the end of the session was seen. */
  cut: number | null
  lines: number | null
  /** What was shown. */
  bytes: number | null
  /** Of the last line. */
  hash: string | null
  /** The installation's seal on all of this. */
  seal: string | null
  /** The record on the audit trail that has the hash too. */
  audit_event_id: string | null
}

/** Some lines, compressed and encrypted. Written once and never changed. */
export interface ChunkTable {
  session_id: string
  number: number
  /** With those of the chunks before, this one included. */
  lines: number
  bytes: number
  /** Of its last line. */
  hash: string
  /** Since the session began. */
  until_ms: number
  /** The sequence number of the frame after the last one in it. */
  next_frame: number
  data: Uint8Array
}

/** That somebody was shown something of a recording. */
export interface ViewTable {
  id: string
  session_id: string
  account: string
  region: string
  viewed_at: string
  viewer_arn: string
  kind: 'Replay' | 'Watch' | 'Search'
  source_ip: string
}
