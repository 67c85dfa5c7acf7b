import type { CreateDocumentRequest, UpdateDocumentRequest } from '@steward/model/generated/ssm.ts'
import type { WriteCall } from '#kernel/declare.ts'
import { contentHash, DEFAULT_FORMAT, type DocumentType } from './document.ts'
import type { DocumentVersion } from './document-version.ts'
import { parsedContent } from './parsed-content.ts'

/** What a request would add as a version, its content checked. Its number and what it requires are the caller's business. */
export function newVersion(
  input: CreateDocumentRequest | UpdateDocumentRequest,
  type: DocumentType,
  call: WriteCall,
): Omit<DocumentVersion, 'number' | 'requires'> {
  const { Content: text, DocumentFormat: format = DEFAULT_FORMAT } = input
  const hash = contentHash(text)
  const { schemaVersion, platformTypes } = parsedContent(type, { format, text, hash }).content
  return {
    versionName: input.VersionName,
    displayName: input.DisplayName,
    createdAt: call.now,
    format,
    text,
    hash,
    schemaVersion,
    platformTypes,
    targetType: input.TargetType,
    author: call.principal.arn,
    reviewStatus: type === 'Automation.ChangeTemplate' ? 'NOT_REVIEWED' : undefined,
  }
}
