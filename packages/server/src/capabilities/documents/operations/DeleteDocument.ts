import type { DeleteDocumentRequest } from '@steward/model/generated/ssm.ts'
import { ssm } from '#capabilities/ssm.ts'
import { removeResource } from '#capabilities/tags/index.ts'
import type { Tx } from '#db/database.ts'
import { documentArn, wantedVersion } from '../document.ts'
import { isUsed } from '../document-uses.ts'
import type { Document } from '../document-version.ts'
import {
  defaultVersionCannotBeDeleted,
  documentDoesNotExistInAccount,
  mustUnshareFirst,
  schemaDeletionNeedsForce,
  usedByAssociations,
  versionToDeleteDoesNotExist,
} from '../errors.ts'
import { ownDocument } from '../look-up.ts'
import { sharesOf } from '../share-store.ts'
import { deleteDocument, deleteVersion, storedVersion } from '../store.ts'

export const DeleteDocument = ssm.write('DeleteDocument', {
  access: (input, call) => ({ action: 'ssm:DeleteDocument', resources: [documentArn(call.scope, input.Name)] }),

  async handle(input, call) {
    const { db, scope } = call
    const document = await ownDocument(db, scope, input.Name, documentDoesNotExistInAccount)
    if (document.type === 'ApplicationConfigurationSchema' && !input.Force) throw schemaDeletionNeedsForce()
    if (input.DocumentVersion !== undefined || input.VersionName !== undefined) {
      await deleteOneVersion(db, document, input)
      return {}
    }
    if ((await sharesOf(db, document)).length > 0) throw mustUnshareFirst()
    if (await isUsed(db, scope, document.name)) throw usedByAssociations()
    await deleteDocument(db, document)
    await removeResource(db, scope, { type: 'Document', id: document.name })
    return {}
  },
})

async function deleteOneVersion(db: Tx, document: Document, input: DeleteDocumentRequest): Promise<void> {
  const found = await storedVersion(db, document.scope, document.name, wantedVersion(input))
  const { DocumentVersion: number, VersionName: versionName } = input
  if (!found) throw versionToDeleteDoesNotExist(document.name, (versionName ?? number)!)
  if (found.version.number === document.defaultVersion) throw defaultVersionCannotBeDeleted()
  await deleteVersion(db, document, found.version.number)
}
