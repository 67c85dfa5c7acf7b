import { afterPrefix, capability } from '#kernel/declare.ts'
import { openAttachmentLink } from './attachment-link.ts'
import { attachmentKeyAad } from './attachment-store.ts'
import { documentResources } from './document-resources.ts'
import { documents0001 } from './migrations/0001-documents.ts'
import { documents0002 } from './migrations/0002-document-uses.ts'
import { documents0003 } from './migrations/0003-document-attachments.ts'

export type { Step } from './command-content.ts'
export type { DocumentContent } from './content.ts'
export { type DocumentType, documentArn, documentReference, referencedArn, requireHash } from './document.ts'
export { useDocument } from './document-uses.ts'
export { documentsHolding, type VersionContent } from './documents-holding.ts'
export { findDocuments } from './find-documents.ts'
export { defaultText } from './parameter-declaration.ts'
export { type JsonValue, type SuppliedParameters, typedParameters } from './parameters.ts'
export { documentToRun, type RunnableDocument } from './run.ts'
export { type RawInputs, type SessionInputs, sessionInputs } from './session-inputs.ts'
export { executionTimeoutSeconds, withTimeoutsUpTo } from './timeouts.ts'

/** Documents: what nodes and the server can be told to do, in versions, shared and predefined (DOC-01 … DOC-22). */
export const documentsCapability = capability({
  name: 'documents',
  url: import.meta.url,
  changeKinds: [{ kind: 'documents', read: 'ssm:ListDocuments', idOf: afterPrefix('document/') }],
  migrations: { 'documents-0001': documents0001, 'documents-0002': documents0002, 'documents-0003': documents0003 },
  resources: documentResources,
  download: openAttachmentLink,
  sealedColumns: [
    { table: 'document_attachment', column: 'sealed_key', key: ['id'], aad: ({ id }) => attachmentKeyAad(String(id)) },
  ],
})
