import type { DocumentDescription } from '@aws-sdk/client-ssm'

export type Format = 'YAML' | 'JSON'

/** How a content is written; `TEXT` has no other form. */
export type Form = Format | 'TEXT'

/** What editors call them. */
export const LANGUAGES = { YAML: 'yaml', JSON: 'json', TEXT: 'text' } as const

/** The form in which a document was written. */
export function formOf({ DocumentFormat }: DocumentDescription): Form {
  return DocumentFormat ?? 'JSON'
}
