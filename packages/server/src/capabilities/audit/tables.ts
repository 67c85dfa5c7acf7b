export interface AuditTables {
  audit_entry: AuditEntryTable
  /** Entries that are not in the chain yet. */
  audit_unsealed: { id: string }
  audit_seal: AuditSealTable
  audit_mark: AuditMarkTable
  audit_anchor: AuditAnchorTable
}

/** One or more records, written once and never changed. */
export interface AuditEntryTable {
  /** The id of its first record's event. */
  id: string
  /** One JSON object a line. */
  records: string
}

/** A link of the chain: the records of some entries, in this order. */
export interface AuditSealTable {
  sequence: number
  /** Ids of its entries, with spaces between. */
  entries: string
  /** Number of its first record: how many came before it since the beginning, and one. */
  first_record: number
  records: number
  /** Characters of its entries. */
  size: number
  first_at: string
  last_at: string
  /** The hash of the record before the first. */
  previous: string
  /** The hash of each of the records, with spaces between. */
  hashes: string
  /** The installation's seal on all of this. */
  seal: string
  /** Helps lookups to pass over the link; not part of the chain. */
  filter: string | null
}

/** Says that a link may hold a record with some attribute, of which `mark` is a hash. */
export interface AuditMarkTable {
  mark: number
  last_at: string
  sequence: number
}

/** Where the chain begins when its oldest records have expired. One row at most. */
export interface AuditAnchorTable {
  id: number
  sequence: number
  records: number
  hash: string
  seal: string
}
