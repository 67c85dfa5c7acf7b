import { hash } from 'node:crypto'
import { references } from '#capabilities/commands/index.ts'
import { documentToRun, type RunnableDocument } from '#capabilities/documents/index.ts'
import { referredVersions } from '#capabilities/parameters/index.ts'
import type { Reader } from '#db/database.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { Scope } from '#kernel/scope.ts'
import type { Definition } from './association.ts'

/** The document that nodes would run now, or why there is none. */
export type Usable =
  | { readonly document: RunnableDocument; readonly fault: undefined }
  | { readonly document: undefined; readonly fault: string }

/** With a text that changes with what nodes would run; empty if they cannot. */
export type Content = Usable & { readonly hash: string }

export async function usableDocument(
  reader: Reader,
  scope: Scope,
  { Name, DocumentVersion }: Pick<Definition, 'Name' | 'DocumentVersion'>,
): Promise<Usable> {
  try {
    return { document: await documentToRun(reader, scope, Name, DocumentVersion), fault: undefined }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const fault = `The document ${Name} cannot be used any more: ${error.message || error.code}`
    return { document: undefined, fault }
  }
}

export async function contentOf(
  reader: Reader,
  scope: Scope,
  definition: Pick<Definition, 'Name' | 'DocumentVersion' | 'Parameters'>,
): Promise<Content> {
  const usable = await usableDocument(reader, scope, definition)
  if (!usable.document) return { ...usable, hash: '' }
  return { ...usable, hash: await contentHash(reader, scope, usable.document, definition.Parameters) }
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
