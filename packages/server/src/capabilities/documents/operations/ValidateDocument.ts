import type { Operations } from '@steward/model/generated/steward.ts'
import { service } from '#kernel/declare.ts'
import { DEFAULT_FORMAT, DEFAULT_TYPE } from '../document.ts'
import { type Problem, validateContent } from '../validation.ts'

const steward = service<Operations>('steward')

/**
 * Our own operation: whether a content could be stored as a document, and everything that is wrong with it, with its place (DOC-20).
 * It reads nothing that is stored.
 */
export const ValidateDocument = steward.read('ValidateDocument', {
  access: () => ({ action: 'steward:ValidateDocument', resources: ['*'] }),

  async handle({ Content, DocumentFormat = DEFAULT_FORMAT, DocumentType = DEFAULT_TYPE }) {
    const { content, problems } = validateContent(DocumentType, DocumentFormat, Content)
    return {
      Valid: content !== undefined,
      SchemaVersion: content?.schemaVersion || undefined,
      PlatformTypes: [...(content?.platformTypes ?? [])],
      Problems: problems.map(toProblem),
    }
  },
})

function toProblem({ severity, code, message, path, place }: Problem) {
  return {
    Severity: severity,
    Code: code,
    Message: message,
    Path: path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
    Line: place?.line,
    Column: place?.column,
    EndLine: place?.endLine,
    EndColumn: place?.endColumn,
  }
}
