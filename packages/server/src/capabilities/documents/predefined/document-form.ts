import { documentContent } from '../content.ts'
import { AMAZON, contentHash, type DocumentName } from '../document.ts'
import type { Document, DocumentVersion, Found } from '../document-version.ts'
import { PREDEFINED, type PredefinedDocument, type PredefinedVersion } from './index.ts'

const VERSIONS: ReadonlyMap<string, readonly DocumentVersion[]> = new Map(
  [...PREDEFINED.values()].map((predefined) => [predefined.name, versionForms(predefined)]),
)

/** The predefined document of that name as it shows in a Region. */
export function predefinedDocument(region: string, name: string): Document | undefined {
  const predefined = PREDEFINED.get(name)
  return predefined && documentForm(region, predefined)
}

/** Every predefined document with its default version, as they show in a Region. */
export function predefinedDocuments(region: string): Found[] {
  return [...PREDEFINED.values()].map((predefined) => {
    const document = documentForm(region, predefined)
    return { document, version: predefinedVersions(document.name)[document.defaultVersion - 1]! }
  })
}

/** Versions from 1 on; empty if there is no such document. */
export function predefinedVersions(name: string): readonly DocumentVersion[] {
  return VERSIONS.get(name) ?? []
}

function documentForm(region: string, { name, type, versions, category, categoryEnum }: PredefinedDocument): Document {
  const latest = versions.length
  return {
    scope: { account: AMAZON, region },
    name: name as DocumentName,
    type,
    defaultVersion: latest,
    latestVersion: latest,
    lastVersion: latest,
    category,
    categoryEnum,
  }
}

function versionForms({ type, versions }: PredefinedDocument): DocumentVersion[] {
  return versions.map((version, index) => versionForm(type, version, index + 1))
}

function versionForm(
  type: PredefinedDocument['type'],
  { createdDate, content }: PredefinedVersion,
  number: number,
): DocumentVersion {
  const { schemaVersion, platformTypes } = documentContent(type, 'JSON', content)
  return {
    number,
    versionName: undefined,
    displayName: undefined,
    createdAt: createdDate,
    format: 'JSON',
    text: content,
    hash: contentHash(content),
    schemaVersion,
    platformTypes,
    requires: undefined,
    targetType: undefined,
    author: AMAZON,
    reviewStatus: undefined,
  }
}
