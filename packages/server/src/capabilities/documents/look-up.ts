import type { Reader } from '#db/database.ts'
import type { ApiError } from '#kernel/api-error.ts'
import type { Scope } from '#kernel/scope.ts'
import { AMAZON, documentReference, isReservedName, type WantedVersion, wantedVersion } from './document.ts'
import type { Document, DocumentVersion, Found } from './document-version.ts'
import { documentDoesNotExist, documentDoesNotExistInAccount, versionDoesNotExist, versionIsInvalid } from './errors.ts'
import { predefinedDocument, predefinedVersions } from './predefined/document-form.ts'
import { sharesWith } from './share-store.ts'
import { opensVersion, type Share } from './sharing.ts'
import { storedDocument, storedVersion } from './store.ts'

export type LookedUp =
  | { readonly document: undefined; readonly version: undefined }
  | { readonly document: Document; readonly version: DocumentVersion | undefined }

const NOTHING = { document: undefined, version: undefined }

/**
 * The document that a caller means by a name or an ARN, and the version that it wants of it: one of its own, a predefined
 * one (without a query), or one that another account shares with it. What it may not read does not exist for it.
 */
export async function lookUp(
  reader: Reader,
  scope: Scope,
  nameOrArn: string,
  wanted: WantedVersion,
): Promise<LookedUp> {
  const { home, name } = whereIs(scope, nameOrArn)
  if (!home) return NOTHING
  if (home.account === AMAZON) return lookUpPredefined(home.region, name, wanted)
  const found: LookedUp | undefined = await storedVersion(reader, home, name, wanted)
  const { document, version } = found ?? { document: await storedDocument(reader, home, name), version: undefined }
  if (!document) return NOTHING
  if (home.account === scope.account) return { document, version }
  const shares = await sharesWith(reader, document, scope.account)
  if (shares.length === 0) return NOTHING
  return { document, version: openVersion(shares, document, version) }
}

/** A document of the caller's own, which alone it may change; `missing` is thrown if there is none. */
export async function ownDocument(
  reader: Reader,
  scope: Scope,
  name: string,
  missing: (name: string) => ApiError,
): Promise<Document> {
  const document = await storedDocument(reader, scope, name)
  if (!document) throw isReservedName(name) ? documentDoesNotExistInAccount(name) : missing(name)
  return document
}

/** What {@link lookUp} finds, or the errors with which most operations answer. */
export async function requireVersion(
  reader: Reader,
  scope: Scope,
  input: { Name: string; DocumentVersion?: string | undefined; VersionName?: string | undefined },
): Promise<Found> {
  const { document, version } = await lookUp(reader, scope, input.Name, wantedVersion(input))
  if (!document) throw documentDoesNotExist(input.Name)
  if (version) return { document, version }
  const { DocumentVersion: number, VersionName: versionName } = input
  if (versionName !== undefined) throw versionDoesNotExist(input.Name, versionName)
  throw versionIsInvalid(number ?? '$DEFAULT', document.latestVersion)
}

/** Where the meant document lives; no home if it cannot exist for callers in this Region. */
function whereIs(scope: Scope, nameOrArn: string): { home: Scope | undefined; name: string } {
  const { name, account, region = scope.region } = documentReference(nameOrArn)
  if (region !== scope.region) return { home: undefined, name }
  if (account === '' || isReservedName(name)) return { home: { account: AMAZON, region }, name }
  return { home: { account: account ?? scope.account, region }, name }
}

function lookUpPredefined(region: string, name: string, { selector, versionName }: WantedVersion): LookedUp {
  const document = predefinedDocument(region, name)
  if (!document) return NOTHING
  const number = typeof selector === 'number' ? selector : document.defaultVersion
  const version = versionName === undefined ? predefinedVersions(name)[number - 1] : undefined
  return { document, version }
}

function openVersion(shares: readonly Share[], document: Document, version: Found['version'] | undefined) {
  return version && opensVersion(shares, document, version.number) ? version : undefined
}
