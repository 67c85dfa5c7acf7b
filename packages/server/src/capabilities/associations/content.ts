import { hash } from 'node:crypto'
import { references } from '#capabilities/commands/index.ts'
import { documentToRun, type RunnableDocument } from '#capabilities/documents/index.ts'
import { referredVersions } from '#capabilities/parameters/index.ts'
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
  { Name, DocumentVersion, Parameters }: Pick<Definition, 'Name' | 'DocumentVersion' | 'Parameters'>,
): Promise<Content> {
  try {
    const document = await documentToRun(reader, scope, Name, DocumentVersion)
    return { document, hash: await contentHash(reader, scope, document, Parameters), fault: undefined }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const fault = `The document ${Name} cannot be used any more: ${error.message || error.code}`
    return { document: undefined, hash: '', fault }
  }
}

/** Changes with the document's content, and with the values of Parameter Store that it and the parameters refer to (STM-06). */
export async function contentHash(
  reader: Reader,
  scope: Scope,
  document: RunnableDocument,
  parameters: Definition['Parameters'] = {},
): Promise<string> {
  const referred = await referredVersions(reader, scope, references(document, parameters))
  return hash('sha256', `${document.version} ${referred} ${document.text}`)
}
