import { hash } from 'node:crypto'
import { documentToRun, type RunnableDocument } from '#capabilities/documents/index.ts'
import type { Reader } from '#db/database.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { Scope } from '#kernel/scope.ts'
import type { Definition } from './association.ts'

/** What nodes would run now, or why they cannot. */
export type Content =
  | { readonly document: RunnableDocument; readonly hash: string; readonly fault: undefined }
  | { readonly document: undefined; readonly hash: ''; readonly fault: string }

export async function contentOf(
  reader: Reader,
  scope: Scope,
  { Name, DocumentVersion }: Pick<Definition, 'Name' | 'DocumentVersion'>,
): Promise<Content> {
  try {
    const document = await documentToRun(reader, scope, Name, DocumentVersion)
    return { document, hash: contentHash(document), fault: undefined }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const fault = `The document ${Name} cannot be used any more: ${error.message || error.code}`
    return { document: undefined, hash: '', fault }
  }
}

export function contentHash({ text, version }: Pick<RunnableDocument, 'text' | 'version'>): string {
  return hash('sha256', `${version} ${text}`)
}
