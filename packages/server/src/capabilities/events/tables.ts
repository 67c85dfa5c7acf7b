export interface EventTables {
  event_bus: BusRow
  event_rule: RuleRow
  event_target: TargetRow
  event_tag: EventTagRow
  event_connection: ConnectionRow
  event_api_destination: ApiDestinationRow
  event_outbox: OutboxRow
  event_delivery: DeliveryRow
  event_dead_letter: DeadLetterRow
  event_match: MatchRow
  event_match_delivery: MatchDeliveryRow
}

/** A custom bus. The default bus has no row unless something of it was changed. */
export interface BusRow {
  account: string
  region: string
  name: string
  description: string | null
  /** JSON of the resource policy, or null. */
  policy: string | null
  created_at: string
  modified_at: string
}

export interface RuleRow {
  account: string
  region: string
  bus: string
  name: string
  /** The pattern as it was put; null for a rule with a schedule only. */
  pattern: string | null
  schedule: string | null
  state: 'ENABLED' | 'DISABLED'
  description: string | null
  role_arn: string | null
  /** When the schedule is due next; null without one, or while the rule is off. */
  next_run: string | null
}

export interface TargetRow {
  account: string
  region: string
  bus: string
  rule: string
  id: string
  arn: string
  /** JSON: the target as the API shows it. */
  target: string
}

export interface EventTagRow {
  account: string
  region: string
  arn: string
  key: string
  value: string
}

export interface ConnectionRow {
  account: string
  region: string
  name: string
  /** The part of the ARN that tells it from others that had its name. */
  uid: string
  description: string | null
  authorization_type: string
  /** JSON: what the API shows of the parameters. */
  shown: string
  /** The parameters with their secrets, sealed by the vault. */
  sealed: Uint8Array
  created_at: string
  modified_at: string
}

export interface ApiDestinationRow {
  account: string
  region: string
  name: string
  uid: string
  description: string | null
  connection_arn: string
  endpoint: string
  method: string
  rate_limit: number
  created_at: string
  modified_at: string
}

/** An event that happened and was not matched yet. Written in the transaction of the change that it tells of. */
export interface OutboxRow {
  /** Order of what happened to one resource. */
  seq: number
  account: string
  region: string
  bus: string
  /** Events with the same are delivered in order. */
  about: string
  /** JSON: the event. */
  event: string
}

/** Something to be delivered to one target. It stays until it is delivered, or given up and kept as a dead letter. */
export interface DeliveryRow {
  id: string
  /** Order within `lane` and `about`. */
  seq: number
  account: string
  region: string
  /** Where it goes: what is slow or dead is so for all of a lane. */
  lane: string
  about: string
  target_arn: string
  /** ARN of the rule or topic that it comes from. */
  source_arn: string
  event_id: string
  /** What is delivered. */
  payload: string
  /** JSON: what the target's kind needs besides. */
  settings: string
  created_at: string
  attempts: number
  max_attempts: number
  next_at: string
  expires_at: string
}

export interface DeadLetterRow extends Omit<DeliveryRow, 'max_attempts' | 'next_at' | 'expires_at'> {
  died_at: string
  error_code: string
  error_message: string
}

/** One of the last matches of a rule. */
export interface MatchRow {
  id: string
  seq: number
  account: string
  region: string
  bus: string
  rule: string
  event: string
  matched_at: string
}

export interface MatchDeliveryRow {
  delivery_id: string
  match_id: string
  target_id: string
  target_arn: string
  state: 'Pending' | 'Delivered' | 'Failed'
  attempts: number
  /** Of the last attempt; null before the first. */
  attempted_at: string | null
  error: string | null
}
