import type {
  DocumentFormat,
  DocumentRequires,
  DocumentType,
  PlatformType,
  ReviewStatus,
} from '@steward/model/generated/ssm.ts'
import type { Scope } from '#kernel/scope.ts'
import { AMAZON, type DocumentName, documentArn } from './document.ts'

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

/** One version of a document without its content. Only its review can change. */
export interface VersionSummary {
  readonly number: number
  readonly versionName: string | undefined
  readonly displayName: string | undefined
  readonly createdAt: Date
  readonly format: DocumentFormat
  readonly schemaVersion: string
  readonly platformTypes: readonly PlatformType[]
  readonly requires: readonly DocumentRequires[] | undefined
  readonly targetType: string | undefined
  /** ARN of who made it. */
  readonly author: string
  readonly reviewStatus: ReviewStatus | undefined
}

export interface DocumentVersion extends VersionSummary {
  /** Exactly as it was submitted. */
  readonly text: string
  /** SHA-256 of `text`. */
  readonly hash: string
}

export interface Found {
  readonly document: Document
  readonly version: DocumentVersion
}

export function isPredefined(document: Document): boolean {
  return document.scope.account === AMAZON
}

/** The name by which callers in that scope know the document: the ARN if it is another account's (DOC-15). */
export function shownName({ account }: Scope, document: Document): string {
  const isOthers = document.scope.account !== account && !isPredefined(document)
  return isOthers ? documentArn(document.scope, document.name) : document.name
}
