import type { CreateDocumentRequest } from '@steward/model/generated/ssm.ts'
import { ssm } from '#capabilities/ssm.ts'
import { addResource, tagConditions, taggingAccess, tagsOf } from '#capabilities/tags/index.ts'
import type { Access, Call } from '#kernel/declare.ts'
import type { Scope } from '#kernel/scope.ts'
import { addAttachments } from '../attachment-store.ts'
import { attachmentDemands, gatherAttachments, readAttachments } from '../attachments.ts'
import { toDescription, toInformation } from '../description.ts'
import { DEFAULT_TYPE, documentArn, newDocumentName, referencedArn } from '../document.ts'
import { kindConditions } from '../document-resources.ts'
import { documentAlreadyExists, tooManyDocuments } from '../errors.ts'
import { newVersion } from '../new-version.ts'
import { checkedRequires } from '../requires.ts'
import { addDocument, countDocuments, storedDocument } from '../store.ts'

const MAX_DOCUMENTS = 500

export const CreateDocument = ssm.write('CreateDocument', {
  access: (input, call) => [...createAccess(input, call), ...schemaAccess(input, call.scope)],

  prepare: (input, call) => readAttachments(call, input.Attachments),

  async handle(input, call, contents) {
    const { db, scope } = call
    const name = newDocumentName(input.Name)
    const type = input.DocumentType ?? DEFAULT_TYPE
    const content = newVersion(input, type, call)
    if (await storedDocument(db, scope, name)) throw documentAlreadyExists(name)
    if ((await countDocuments(db, scope)) >= MAX_DOCUMENTS) throw tooManyDocuments(MAX_DOCUMENTS)
    const version = { ...content, number: 1, requires: await checkedRequires(db, scope, input, type) }
    const document = {
      scope,
      name,
      type,
      defaultVersion: 1,
      latestVersion: 1,
      lastVersion: 1,
      category: [],
      categoryEnum: [],
    }
    const attachments = await gatherAttachments(call, input.Attachments, contents)
    await addDocument(db, { document, version })
    await addAttachments(call, { document, version }, attachments)
    const resource = { type: 'Document', id: name } as const
    await addResource(db, scope, resource, input.Tags)
    const description = toDescription(scope, { document, version }, await tagsOf(db, scope, resource))
    const AttachmentsInformation = toInformation(attachments)
    return { DocumentDescription: { ...description, AttachmentsInformation, Status: 'Creating' } }
  },
})

/** Nothing is known yet of what is to be made but what the request says, its type among it. */
function createAccess({ Name, Tags, Attachments, DocumentType }: CreateDocumentRequest, call: Call): Access[] {
  const resources = [documentArn(call.scope, Name)]
  const also = () => attachmentDemands(call, Attachments)
  const create = { action: 'ssm:CreateDocument', resources, context: tagConditions(Tags), also }
  const kind = kindConditions({ type: DocumentType ?? DEFAULT_TYPE })
  return [create, ...taggingAccess(resources, Tags)].map((access) => ({
    ...access,
    context: { ...access.context, ...kind },
  }))
}

/** Recorded: the author of a configuration must be allowed to read its schema, but only when creating it. */
function schemaAccess({ DocumentType, Requires = [] }: CreateDocumentRequest, scope: Scope): Access[] {
  if (DocumentType !== 'ApplicationConfiguration') return []
  return [{ action: 'ssm:GetDocument', resources: Requires.map(({ Name }) => referencedArn(scope, Name)) }]
}
