import type { Reader } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import { AMAZON, documentReference, isReservedName, type WantedVersion } from './document.ts'
import type { Document, DocumentVersion, Found } from './document-version.ts'
import { predefinedDocument, predefinedVersions } from './predefined/document-form.ts'
import { opensVersion, type Share } from './sharing.ts'
import { sharesWith, storedDocument, storedVersion } from './store.ts'

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
  const shares = await sharesWith(reader, home, name, scope.account)
  if (shares.length === 0) return NOTHING
  return { document, version: openVersion(shares, document, version) }
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
