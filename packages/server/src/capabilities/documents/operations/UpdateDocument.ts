import type { UpdateDocumentRequest } from '@steward/model/generated/ssm.ts'
import { ssm } from '#capabilities/ssm.ts'
import { tagsOf } from '#capabilities/tags/index.ts'
import type { Reader } from '#db/database.ts'
import { addAttachments, attachmentsOf } from '../attachment-store.ts'
import { areSame, attachmentDemands, gatherAttachments, readAttachments } from '../attachments.ts'
import { toDescription, toInformation } from '../description.ts'
import { documentArn, MAX_VERSIONS, versionSelector } from '../document.ts'
import type { Document, DocumentVersion } from '../document-version.ts'
import {
  documentDoesNotExist,
  duplicateDocumentContent,
  duplicateVersionName,
  tooManyVersions,
  updateNeedsNumberOrLatest,
  updateNotAllowed,
  versionIsInvalid,
  versionIsNotLatest,
} from '../errors.ts'
import { ownDocument } from '../look-up.ts'
import { newVersion } from '../new-version.ts'
import { requireSchemaUnchanged } from '../requires.ts'
import { addVersion, countVersions, storedVersion } from '../store.ts'

export const UpdateDocument = ssm.write('UpdateDocument', {
  access: (input, call) => ({
    action: 'ssm:UpdateDocument',
    resources: [documentArn(call.scope, input.Name)],
    also: () => attachmentDemands(call, input.Attachments),
  }),

  prepare: (input, call) => readAttachments(call, input.Attachments),

  async handle(input, call, contents) {
    const { db, scope } = call
    const document = await ownDocument(db, scope, input.Name, documentDoesNotExist)
    const latest = await latestToUpdate(db, document, input)
    const content = newVersion(input, document.type, call)
    const version: DocumentVersion = {
      ...content,
      number: document.lastVersion + 1,
      displayName: content.displayName ?? latest.displayName,
      targetType: content.targetType ?? latest.targetType,
      requires: latest.requires,
    }
    for (const { schemaVersion } of [latest, version]) {
      if (schemaVersion === '1.2') throw updateNotAllowed(document.type, schemaVersion)
    }
    const attachments = await gatherAttachments(call, input.Attachments, contents)
    const attachedToLatest = await attachmentsOf(db, { document, version: latest })
    if (isSame(version, latest) && areSame(attachments, attachedToLatest)) throw duplicateDocumentContent(document.name)
    await requireNewVersionName(db, document, input.VersionName)
    await requireSchemaUnchanged(db, scope, latest)
    if ((await countVersions(db, document)) >= MAX_VERSIONS) throw tooManyVersions(MAX_VERSIONS)
    await addVersion(db, document, version)
    await addAttachments(call, { document, version }, attachments)
    const updated = { ...document, latestVersion: version.number, lastVersion: version.number }
    const tags = await tagsOf(db, scope, { type: 'Document', id: document.name })
    const description = toDescription(scope, { document: updated, version }, tags)
    const AttachmentsInformation = toInformation(attachments)
    return { DocumentDescription: { ...description, AttachmentsInformation, Status: 'Updating' } }
  },
})

/** The latest version, which the caller must name as the one that it knows (DOC-10). */
async function latestToUpdate(
  db: Reader,
  document: Document,
  { DocumentVersion: wanted }: UpdateDocumentRequest,
): Promise<DocumentVersion> {
  const selector = versionSelector(wanted)
  if (selector === '$DEFAULT') throw updateNeedsNumberOrLatest()
  if (selector !== '$LATEST' && selector !== document.latestVersion) {
    throw selector > document.lastVersion
      ? versionIsInvalid(wanted!, document.latestVersion)
      : versionIsNotLatest(document.name)
  }
  const latest = await storedVersion(db, document.scope, document.name, { selector: '$LATEST', versionName: undefined })
  return latest!.version
}

function isSame(one: DocumentVersion, other: DocumentVersion): boolean {
  return (
    one.hash === other.hash &&
    one.format === other.format &&
    one.displayName === other.displayName &&
    one.targetType === other.targetType
  )
}

async function requireNewVersionName(db: Reader, document: Document, versionName: string | undefined): Promise<void> {
  if (versionName === undefined) return
  const used = await storedVersion(db, document.scope, document.name, { selector: undefined, versionName })
  if (used) throw duplicateVersionName(versionName)
}
