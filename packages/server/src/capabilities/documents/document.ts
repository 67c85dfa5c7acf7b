import { createHash } from 'node:crypto'
import type { DocumentFormat, DocumentHashType, DocumentType } from '@steward/model/generated/ssm.ts'
import { SCHEMA_VERSIONS as EDITABLE_VERSIONS } from '@steward/protocol/document/index.ts'
import type { Scope } from '#kernel/scope.ts'
import { arn } from '#kernel/scope.ts'
import { documentTooLarge, hashDoesNotMatch, invalidDocumentName, invalidSchemaVersion } from './errors.ts'
import { PREDEFINED } from './predefined/index.ts'

export type { DocumentFormat, DocumentHashType, DocumentType }

/** The name of a document, without any ARN around it. */
export type DocumentName = string & { readonly brand: 'DocumentName' }

export const DEFAULT_TYPE: DocumentType = 'Command'
export const DEFAULT_FORMAT: DocumentFormat = 'JSON'
export const MAX_CONTENT_BYTES = 64 * 1024
export const MAX_VERSIONS = 1000

/** The owner that predefined documents show. */
export const AMAZON = 'Amazon'

const NAME = /^[a-zA-Z0-9_\-.]{3,128}$/
const RESERVED = /^(aws|amazon|amzn)/i

/** True for the names that only predefined documents have: those of AWS's prefixes, and of ours that have none of these. */
export function isReservedName(name: string): boolean {
  return RESERVED.test(name) || PREDEFINED.has(name)
}

/** The name that a new document of one's own wants; prefixes of predefined ones are refused. */
export function newDocumentName(text: string): DocumentName {
  if (!NAME.test(text) || isReservedName(text)) throw invalidDocumentName(text)
  return text as DocumentName
}

/** Which document a caller means: a bare name is the caller's own or a predefined one; an ARN says whose it is. */
export interface DocumentReference {
  readonly name: DocumentName
  /** Empty in the public ARNs of predefined documents (`arn:aws:ssm:us-east-1::document/AWS-RunShellScript`). */
  readonly account?: string
  readonly region?: string
}

const ARN = /^arn:[^:]*:ssm:([^:]*):([^:]*):document\/(.+)$/

/** Reads a name or an ARN. A text that is neither is taken for a name, which then will not exist. */
export function documentReference(text: string): DocumentReference {
  const match = ARN.exec(text)
  if (!match) return { name: text as DocumentName }
  return { region: match[1]!, account: match[2]!, name: match[3] as DocumentName }
}

/** The ARN that policies name; predefined documents carry no account (DOC-19a). */
export function documentArn(scope: Scope, name: string): string {
  return arn(isReservedName(name) ? { ...scope, account: '' } : scope, 'ssm', `document/${name}`)
}

/** The ARN that policies name for what a caller means by a name or an ARN. */
export function referencedArn(scope: Scope, nameOrArn: string): string {
  const { name, account = scope.account, region = scope.region } = documentReference(nameOrArn)
  return documentArn({ account, region }, name)
}

/** Which version a caller means. */
export type VersionSelector = '$DEFAULT' | '$LATEST' | number

/** Beyond every version, and the largest number that the databases take for one. */
const NO_VERSION = 2_147_483_647

/** Reads what the model has let through: `$DEFAULT` (also when left out), `$LATEST` or a number from 1. */
export function versionSelector(text: string | undefined): VersionSelector {
  if (text === undefined || text === '$DEFAULT') return '$DEFAULT'
  return text === '$LATEST' ? text : Math.min(Number(text), NO_VERSION)
}

/** The version that operations mean by number and name; what is given has to fit both. */
export interface WantedVersion {
  readonly selector: VersionSelector | undefined
  readonly versionName: string | undefined
}

/** A version name alone says which version; nothing at all means the default. */
export function wantedVersion(input: {
  DocumentVersion?: string | undefined
  VersionName?: string | undefined
}): WantedVersion {
  const { DocumentVersion: number, VersionName: versionName } = input
  const byNameAlone = versionName !== undefined && number === undefined
  return { selector: byNameAlone ? undefined : versionSelector(number), versionName }
}

const SCHEMA_VERSIONS: Partial<Record<DocumentType, readonly string[]>> = { ...EDITABLE_VERSIONS, Package: ['2.0'] }

/** True for the types whose content states a schema version that we check. */
export function hasSchemaVersion(type: DocumentType): boolean {
  return SCHEMA_VERSIONS[type] !== undefined
}

/** Refuses a schema version that documents of this type cannot have (DOC-04). */
export function requireSchemaVersion(type: DocumentType, version: string): void {
  const known = SCHEMA_VERSIONS[type]
  if (known && !known.includes(version)) throw invalidSchemaVersion(version, type)
}

/** Refuses content over 64 KB, counted in bytes. */
export function requireContentSize(content: string): void {
  if (Buffer.byteLength(content) > MAX_CONTENT_BYTES) throw documentTooLarge()
}

/** Lower-case hexadecimal hash over the content exactly as it was submitted (DOC-13). */
export function contentHash(content: string, type: DocumentHashType = 'Sha256'): string {
  return createHash(type.toLowerCase()).update(content).digest('hex')
}

/** Refuses a hash that is not that of the content (RC-02). */
export function requireHash(content: string, hash: string, type: DocumentHashType = 'Sha256'): void {
  if (contentHash(content, type) !== hash.toLowerCase()) throw hashDoesNotMatch()
}
