/** What a session is to be: its document with the caller's parameters, and the account's preferences around it (SM-03, SM-04). */
import {
  defaultText,
  documentToRun,
  type RawInputs,
  type RunnableDocument,
  type SessionInputs,
  type SuppliedParameters,
  sessionInputs,
  typedParameters,
} from '#capabilities/documents/index.ts'
import {
  type Referring,
  referenceAccess,
  referencesIn,
  resolveReferences,
  withValues,
} from '#capabilities/parameters/index.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { Access, Call } from '#kernel/declare.ts'
import { isAllowedCommand } from './command-rules.ts'
import { commandNotAllowed, invalidRequest, invalidSessionDocument, notASessionDocument } from './errors.ts'
import type { SessionType } from './tables.ts'

/** The document with the account's preferences, which sessions have that name no other. */
export const PREFERENCES = 'SSM-SessionManagerRunShell'

export interface SessionPlan {
  readonly documentName: string
  readonly sessionType: SessionType
  /** As agents get it. */
  readonly content: object
  readonly parameters: object
  readonly inputs: SessionInputs
  /** Of a port session: what it leads to, as the node sees it. */
  readonly destination: string | null
}

/** The members of a Session document that matter here; it was checked when it was made. */
interface SessionContent {
  readonly schemaVersion: string
  readonly sessionType: SessionType
  readonly inputs?: RawInputs
  readonly properties?: RawInputs
}

/** Without preferences of the account, a shell is as AWS documents it. */
const DEFAULT_SHELL: SessionContent = {
  schemaVersion: '1.0',
  sessionType: 'Standard_Stream',
}

/** What a caller must be allowed to read of Parameter Store. A document that is not there refers to nothing. */
export async function parameterAccess(
  call: Call,
  documentName: string | undefined,
  parameters: SuppliedParameters,
): Promise<Access[]> {
  try {
    const { content, base } = await load(call, documentName)
    return referenceAccess(call, referencesIn(JSON.stringify([content, base, parameters])))
  } catch (error) {
    if (error instanceof ApiError) return []
    throw error
  }
}

/** Throws `InvalidDocument`, `ValidationException` or `AccessDeniedException`. */
export async function planSession(
  call: Call,
  documentName: string | undefined,
  supplied: SuppliedParameters,
): Promise<SessionPlan> {
  const loaded = await load(call, documentName)
  const { document } = loaded
  const name = document?.name ?? PREFERENCES
  const references = referencesIn(JSON.stringify([loaded.content, loaded.base, supplied]))
  const values = await asValidation(() => resolveReferences(call, references))
  const resolved = <T>(tree: T): T => withValues(tree as Referring, values) as T
  const content = resolved(loaded.content)
  const parameters = await asValidation(() => typedParameters(name, document?.content.parameters, resolved(supplied)))
  const known = { ...resolved(defaults(document)), ...parameters }
  const inputs = readInputs({ ...resolved(loaded.base), ...filledIn(content.inputs, known) })
  const properties = filledIn(content.properties, known)
  requireAllowedCommands(name, properties, inputs)
  const { stewardSessionPolicy: _ours, ...agentInputs } = inputs
  return {
    documentName: name,
    sessionType: content.sessionType,
    content: { ...content, inputs: agentInputs },
    parameters,
    inputs,
    destination: content.sessionType === 'Port' ? `${properties.host || 'localhost'}:${properties.portNumber}` : null,
  }
}

interface Loaded {
  /** Undefined: the account has no preferences, and the caller asked for no other document. */
  readonly document: RunnableDocument | undefined
  readonly content: SessionContent
  /** Inputs on which those of the document stand. */
  readonly base: RawInputs
}

async function load(call: Call, name: string | undefined): Promise<Loaded> {
  const document =
    name === undefined ? await preferences(call) : await documentToRun(call.db, call.scope, name, undefined)
  if (!document) return { document, content: DEFAULT_SHELL, base: {} }
  if (document.type !== 'Session') throw notASessionDocument(document.type)
  const content = document.agentContent as SessionContent
  return { document, content, base: await baseOf(call, document.name, content) }
}

/** A document for shells says all for itself if it says anything; others stand on the preferences of the account. */
async function baseOf(call: Call, name: string, { sessionType, inputs }: SessionContent): Promise<RawInputs> {
  const saysAll = sessionType === 'Standard_Stream' && inputs !== undefined
  if (saysAll || name === PREFERENCES) return {}
  const base = (await preferences(call))?.agentContent as SessionContent | undefined
  return base?.inputs ?? {}
}

async function preferences(call: Call): Promise<RunnableDocument | undefined> {
  try {
    return await documentToRun(call.db, call.scope, PREFERENCES, undefined)
  } catch (error) {
    if (error instanceof ApiError) return undefined
    throw error
  }
}

/** `InvalidParameters`, as the operations around documents call it, is no error of StartSession. */
async function asValidation<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof ApiError ? invalidRequest(error.message) : error
  }
}

function defaults(document: RunnableDocument | undefined): Record<string, string> {
  const declared = document?.content.parameters ?? []
  return Object.fromEntries(declared.flatMap((one) => [[one.name, defaultText(one) ?? '']]))
}

const REFERENCE = /\{\{\s*([a-zA-Z0-9]+)\s*\}\}/g

/** The same with values in the place of references to the document's parameters, as the agent will see it. */
function filledIn(tree: RawInputs | undefined, values: Readonly<Record<string, unknown>>): RawInputs {
  const fill = (one: unknown): unknown => {
    if (typeof one === 'string') {
      return one.replace(REFERENCE, (whole, name: string) => (name in values ? asText(values[name]) : whole))
    }
    if (Array.isArray(one)) return one.map(fill)
    if (typeof one !== 'object' || one === null) return one
    return Object.fromEntries(Object.entries(one).map(([name, value]) => [name, fill(value)]))
  }
  return fill(tree ?? {}) as RawInputs
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Parameters may have made something of the inputs that cannot be. */
function readInputs(raw: RawInputs): SessionInputs {
  try {
    return sessionInputs(raw)
  } catch (error) {
    throw error instanceof ApiError ? invalidSessionDocument(error.message) : error
  }
}

function requireAllowedCommands(name: string, properties: RawInputs, { stewardSessionPolicy }: SessionInputs): void {
  const { allowedCommands } = stewardSessionPolicy
  if (allowedCommands === undefined) return
  const commands = Object.values(properties).map((one) => (one as { commands?: unknown } | null)?.commands)
  for (const command of commands) {
    if (typeof command === 'string' && !isAllowedCommand(allowedCommands, command)) throw commandNotAllowed(name)
  }
}
