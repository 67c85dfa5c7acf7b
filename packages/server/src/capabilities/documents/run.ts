import type { Reader } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import type { DocumentContent } from './content.ts'
import { AMAZON, type DocumentType, documentArn, wantedVersion } from './document.ts'
import { documentDoesNotExist, versionDoesNotExist } from './errors.ts'
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
 * `InvalidDocumentVersion`; AWS leaves their messages empty here (DOC-22), which helps nobody.
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
  if (!document) throw documentDoesNotExist(nameOrArn)
  if (!found) throw versionDoesNotExist(document.name, version ?? '$DEFAULT')
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
