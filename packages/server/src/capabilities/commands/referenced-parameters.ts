/** What a command takes from Parameter Store: references in the values that the caller supplies, and in the document (DOC-09). */
import { documentToRun, type RunnableDocument, type SuppliedParameters } from '#capabilities/documents/index.ts'
import {
  type Referring,
  referenceAccess,
  referencesIn,
  resolveReferences,
  withValues,
} from '#capabilities/parameters/index.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { Access, Call } from '#kernel/declare.ts'
import { KeptOn } from '#kernel/kept-on.ts'

interface Asked {
  readonly DocumentName: string
  readonly DocumentVersion?: string | undefined
}

const found = new KeptOn<Call, Asked & { readonly document: RunnableDocument }>()

/** The document that a command is to run. Looked up once for each call. Throws as `documentToRun` does. */
export async function commandDocument(call: Call, { DocumentName, DocumentVersion }: Asked): Promise<RunnableDocument> {
  const known = found.get(call)
  if (known?.DocumentName === DocumentName && known.DocumentVersion === DocumentVersion) return known.document
  const document = await documentToRun(call.db, call.scope, DocumentName, DocumentVersion)
  found.set(call, { DocumentName, DocumentVersion, document })
  return document
}

/** What a caller must be allowed to read so that its command is sent. A document that is not there refers to nothing. */
export async function parameterAccess(
  call: Call,
  input: Asked & { readonly Parameters?: SuppliedParameters | undefined },
): Promise<Access[]> {
  try {
    const document = await commandDocument(call, input)
    return referenceAccess(call, references(document, input.Parameters ?? {}))
  } catch (error) {
    if (error instanceof ApiError) return []
    throw error
  }
}

/** Document and parameters with values in the place of references. Throws `InvalidParameters`. */
export async function resolved(
  call: Call,
  document: RunnableDocument,
  parameters: SuppliedParameters,
): Promise<{ document: RunnableDocument; parameters: SuppliedParameters }> {
  const found = references(document, parameters)
  if (found.length === 0) return { document, parameters }
  const values = await resolveReferences(call, found)
  const agentContent = withValues(document.agentContent as Referring, values) as object
  return { document: { ...document, agentContent }, parameters: withValues(parameters, values) }
}

/** What is behind `ssm:` in document and parameters, each once. */
export function references(document: RunnableDocument, parameters: SuppliedParameters): string[] {
  const supplied = Object.values(parameters).flat().flatMap(referencesIn)
  return [...new Set([...ofDocument(document), ...supplied])]
}

/** Contents are shared and large, and the same few are sent again and again. */
const known = new WeakMap<object, readonly string[]>()

function ofDocument({ agentContent }: RunnableDocument): readonly string[] {
  let found = known.get(agentContent)
  if (!found) {
    found = referencesIn(JSON.stringify(agentContent))
    known.set(agentContent, found)
  }
  return found
}
