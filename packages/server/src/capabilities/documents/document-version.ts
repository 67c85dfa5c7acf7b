import type {
  DocumentFormat,
  DocumentRequires,
  DocumentType,
  PlatformType,
  ReviewStatus,
} from '@steward/model/generated/ssm.ts'
import type { Scope } from '#kernel/scope.ts'
import { AMAZON, type DocumentName } from './document.ts'

/** A document without its contents. */
export interface Document {
  /** Where it lives; the account of predefined ones is {@link AMAZON}. */
  readonly scope: Scope
  readonly name: DocumentName
  readonly type: DocumentType
  readonly defaultVersion: number
  /** The highest version that exists. */
  readonly latestVersion: number
  /** The highest version that ever existed: numbers are not used twice (DOC-10). */
  readonly lastVersion: number
  readonly category: readonly string[]
  readonly categoryEnum: readonly string[]
}

/** One version of a document. Only its review can change. */
export interface DocumentVersion {
  readonly number: number
  readonly versionName: string | undefined
  readonly displayName: string | undefined
  readonly createdAt: Date
  readonly format: DocumentFormat
  /** Exactly as it was submitted. */
  readonly text: string
  /** SHA-256 of `text`. */
  readonly hash: string
  readonly schemaVersion: string
  readonly platformTypes: readonly PlatformType[]
  readonly requires: readonly DocumentRequires[]
  readonly targetType: string | undefined
  /** ARN of who made it. */
  readonly author: string
  readonly reviewStatus: ReviewStatus | undefined
}

export interface Found {
  readonly document: Document
  readonly version: DocumentVersion
}

export function isPredefined(document: Document): boolean {
  return document.scope.account === AMAZON
}
