import type { DocumentFormat, DocumentType, ReviewStatus } from '@steward/model/generated/ssm.ts'

export interface DocumentTables {
  document: DocumentTable
  document_version: DocumentVersionTable
  document_share: DocumentShareTable
  document_review: DocumentReviewTable
  document_use: DocumentUseTable
  document_attachment: DocumentAttachmentTable
}

interface DocumentKey {
  account: string
  region: string
  name: string
}

/** An association that applies the document. */
export interface DocumentUseTable extends DocumentKey {
  used_by: string
}

export interface DocumentTable extends DocumentKey {
  type: DocumentType
  default_version: number
  /** The highest number that exists. */
  latest_version: number
  /** The highest number ever given: numbers are not used twice. */
  last_version: number
}

export interface DocumentVersionTable extends DocumentKey {
  version: number
  version_name: string | null
  display_name: string | null
  created_at: string
  format: DocumentFormat
  /** Exactly as it was submitted. */
  content: string
  /** SHA-256 of `content` in hexadecimal. */
  hash: string
  schema_version: string
  /** JSON lists. */
  platform_types: string
  requires: string | null
  target_type: string | null
  /** ARN of who made the version. */
  author: string
  review_status: ReviewStatus | null
}

export interface DocumentShareTable extends DocumentKey {
  /** An account, or `All` or `all`. */
  shared_with: string
  /** `$DEFAULT`, `$LATEST` or `$ALL`. */
  shared_version: string
}

/** A file that belongs to a version. */
export interface DocumentAttachmentTable extends DocumentKey {
  /** Unique for ever. */
  id: string
  version: number
  file: string
  size: number
  /** SHA-256 of the file in hexadecimal. */
  hash: string
  /** The key of `content`, sealed by the vault. */
  sealed_key: Uint8Array
  /** The file, encrypted. */
  content: Uint8Array
}

/** A step of a version's review. `sequence` counts from 1 within the document. */
export interface DocumentReviewTable extends DocumentKey {
  sequence: number
  version: number
  reviewer: string
  status: ReviewStatus
  /** JSON list. */
  comment: string
  created_at: string
  updated_at: string
}
