import type { Reader } from '#db/database.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { Scope } from '#kernel/scope.ts'
import type { DocumentContent } from './content.ts'
import { AMAZON, type DocumentType, documentArn, wantedVersion } from './document.ts'
import { lookUp } from './look-up.ts'
import { parsedContent } from './parsed-content.ts'

/** What another capability needs to run a document. */
export interface RunnableDocument {
  /** Without any ARN around it. */
  readonly name: string
  readonly arn: string
  readonly version: number
  readonly type: DocumentType
  readonly content: DocumentContent
  /** Exactly as it was submitted, for checks of its hash. */
  readonly text: string
  /** The content as a JSON object in the form that agents read. Shared: nobody may change it. */
  readonly agentContent: object
}

/**
 * The version of a document that the caller means; the default one if it does not say. Throws `InvalidDocument` or
 * `InvalidDocumentVersion`, with the empty messages that `SendCommand` answers on AWS (DOC-22).
 */
export async function documentToRun(
  reader: Reader,
  scope: Scope,
  nameOrArn: string,
  version: string | undefined,
): Promise<RunnableDocument> {
  const { document, version: found } = await lookUp(
    reader,
    scope,
    nameOrArn,
    wantedVersion({ DocumentVersion: version }),
  )
  if (!document) throw new ApiError('InvalidDocument')
  if (!found) throw new ApiError('InvalidDocumentVersion')
  const { name, type, scope: home } = document
  return {
    name,
    arn: documentArn(home.account === AMAZON ? scope : home, name),
    version: found.number,
    type,
    text: found.text,
    ...parsedContent(type, found),
  }
}
