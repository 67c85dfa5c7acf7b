import { type DocumentIdentifier, GetDocumentCommand, ListDocumentsCommand } from '@aws-sdk/client-ssm'
import { ssm } from '#api/clients/ssm.ts'
import { allPages, useRead } from '#api/queries.ts'

/** The document of an account that says how its shells are. */
export const PREFERENCES = 'SSM-SessionManagerRunShell'

export interface SessionDocument {
  readonly sessionType: string
  readonly hasTerminal: boolean
  readonly parameters: readonly DocumentParameter[]
  readonly runAs: { readonly enabled: boolean; readonly user: string }
  readonly encrypted: boolean
  readonly readOnly: boolean
  readonly approval: boolean
}

interface DocumentParameter {
  readonly name: string
  readonly description: string
  readonly usual: string | undefined
  readonly allowed: readonly string[] | undefined
}

interface Content {
  sessionType?: string
  parameters?: Record<string, { description?: string; default?: unknown; allowedValues?: unknown[] }>
  inputs?: Record<string, unknown> & { stewardSessionPolicy?: { readOnly?: boolean; approvalRequired?: boolean } }
}

/** What a document does with a session; the account's preferences if `name` is undefined. */
export function useSessionDocument(name: string | undefined) {
  return useRead('documents', ['session', name ?? PREFERENCES], () => read(name), { keepLast: false })
}

async function read(name: string | undefined): Promise<SessionDocument> {
  // As long as nobody made preferences the defaults hold.
  if (name === undefined && !(await sessionDocuments()).includes(PREFERENCES)) return sessionDocument({})
  const input = { Name: name ?? PREFERENCES, DocumentFormat: 'JSON' } as const
  const { Content: text } = await ssm().send(new GetDocumentCommand(input))
  return sessionDocument(JSON.parse(text ?? '{}') as Content)
}

/** The names of the account's documents for sessions. */
export async function sessionDocuments(): Promise<string[]> {
  const Filters = [{ Key: 'DocumentType', Values: ['Session'] }]
  const found = await allPages<DocumentIdentifier>(async (NextToken) => {
    const page = await ssm().send(new ListDocumentsCommand({ Filters, MaxResults: 50, NextToken }))
    return { items: page.DocumentIdentifiers ?? [], next: page.NextToken }
  })
  return found.flatMap(({ Name }) => (Name ? [Name] : []))
}

function sessionDocument({ sessionType = 'Standard_Stream', parameters = {}, inputs = {} }: Content): SessionDocument {
  const policy = inputs.stewardSessionPolicy ?? {}
  return {
    sessionType,
    hasTerminal: sessionType === 'Standard_Stream' || sessionType === 'InteractiveCommands',
    parameters: Object.entries(parameters).map(([name, { description = '', default: usual, allowedValues }]) => ({
      name,
      description,
      usual: usual === undefined ? undefined : String(usual),
      allowed: allowedValues?.map(String),
    })),
    runAs: { enabled: isOn(inputs.runAsEnabled), user: String(inputs.runAsDefaultUser ?? '') },
    encrypted: Boolean(inputs.kmsKeyId),
    readOnly: isOn(policy.readOnly),
    approval: isOn(policy.approvalRequired),
  }
}

function isOn(value: unknown): boolean {
  return value === true || value === 'true'
}
