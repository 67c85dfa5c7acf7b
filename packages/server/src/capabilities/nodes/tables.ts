export interface NodeTables {
  activation: ActivationTable
  enrolment_key: EnrolmentKeyTable
  enrolment_request: EnrolmentRequestTable
  node: NodeTable
  node_refusal: NodeRefusalTable
  node_double: NodeDoubleTable
}

export interface ActivationTable {
  activation_id: string
  account: string
  region: string
  /** SHA-256 of the code in hexadecimal. The code has 119 random bits, so it needs no slow hash. */
  code_hash: string
  description: string | null
  default_instance_name: string | null
  iam_role: string
  registration_limit: number
  registrations_count: number
  expires_at: string
  created_at: string
  /** JSON lists, given to each node or kept as they came. */
  tags: string
  registration_metadata: string
}

export interface NodeTable {
  node_id: string
  account: string
  region: string
  activation_id: string
  iam_role: string
  name: string | null
  registered_at: string
  fingerprint: string
  /** DER SubjectPublicKeyInfo in base64. */
  public_key: string
  /** Good until `public_key` is first used: the node may not have learnt that its new key arrived. */
  previous_public_key: string | null
  agent_name: string | null
  agent_version: string | null
  /** `agent_version` and `platform_version` in a form whose order as text is the order of versions. */
  agent_version_key: string | null
  platform_type: 'Windows' | 'Linux' | 'MacOS' | null
  platform_name: string | null
  platform_version: string | null
  platform_version_key: string | null
  computer_name: string | null
  ip_address: string | null
  /** The facts in the columns above once more, as one text for lists: see `node-facts.ts`. */
  facts: string
  /** See `search-text.ts`. */
  search_text: string
  /** Last health report or connect. */
  last_ping_at: string | null
  /** 1 while a control channel is open. */
  connected: number
  /** Until when the node counts as online without a channel. */
  online_until: string
}

/** The latest call in the name of a node that was refused. */
export interface NodeRefusalTable {
  node_id: string
  code: string
  message: string
  source_ip: string
  at: string
}

/** Two machines were connected by the id of this node at the same time (AGT-19). */
export interface NodeDoubleTable {
  node_id: string
  /** Since when, and the last proof. */
  since: string
  at: string
  /** Where they connected from, at the last proof. */
  source_ip: string
  other_source_ip: string
}

/** What an activation demands of machines beyond its code, if it is an enrolment key (HYB-14). */
export interface EnrolmentKeyTable {
  activation_id: string
  /** JSON list; empty: from everywhere. */
  source_ranges: string
  host_name_pattern: string | null
  needs_approval: number
}

/** A machine that asked to be registered with a key that needs approval, until it is. */
export interface EnrolmentRequestTable {
  id: string
  activation_id: string
  /** SHA-256 of the machine's fingerprint in hexadecimal: what it will be known by when it asks again. */
  fingerprint_hash: string
  account: string
  region: string
  computer_name: string | null
  source_ip: string
  first_at: string
  last_at: string
  state: 'Waiting' | 'Approved' | 'Refused'
  decided_by: string | null
  decided_at: string | null
}
