import { steward } from '#api/steward.ts'
import { documents } from '#texts/documents.ts'
import type { Form } from './form.ts'

/** Something that is wrong with a document; with an error it cannot be stored. Lines and columns are from 1. */
export interface Problem {
  readonly severity: 'Error' | 'Warning'
  readonly message: string
  readonly line?: number | undefined
  readonly column?: number | undefined
  readonly endLine?: number | undefined
  readonly endColumn?: number | undefined
}

export interface Verdict {
  readonly valid: boolean
  readonly platforms: readonly string[]
  readonly problems: readonly Problem[]
}

/** What the server says of a content, which is not stored. */
export async function validate(content: string, form: Form, type: string): Promise<Verdict> {
  // The server does not take nothing.
  if (content === '')
    return { valid: false, platforms: [], problems: [{ severity: 'Error', message: documents.form.nothing }] }
  const answer = await steward('ValidateDocument', {
    Content: content,
    DocumentFormat: form,
    DocumentType: type as 'Command',
  })
  return {
    valid: answer.Valid ?? false,
    platforms: answer.PlatformTypes ?? [],
    problems: (answer.Problems ?? []).map((problem) => ({
      severity: problem.Severity,
      message: problem.Message,
      line: problem.Line,
      column: problem.Column,
      endLine: problem.EndLine,
      endColumn: problem.EndColumn,
    })),
  }
}
