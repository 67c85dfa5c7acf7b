export interface NodeTables {
  activation: ActivationTable
  node: NodeTable
  node_refusal: NodeRefusalTable
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
