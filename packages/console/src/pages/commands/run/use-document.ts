import {
  DescribeDocumentCommand,
  type DocumentIdentifier,
  GetDocumentCommand,
  ListDocumentsCommand,
} from '@aws-sdk/client-ssm'
import { ssm } from '#api/clients/ssm.ts'
import { isForbidden } from '#api/failure.ts'
import { allPages, useRead } from '#api/queries.ts'
import { type Declaration, declarationsOf } from './parameter-rules.ts'

/** Every document that can be run. */
export function useCommandDocuments() {
  return useRead('documents', ['to-run'], (abortSignal) =>
    allPages<DocumentIdentifier>(async (NextToken) => {
      const Filters = [{ Key: 'DocumentType', Values: ['Command'] }]
      const { DocumentIdentifiers: items = [], NextToken: next } = await ssm().send(
        new ListDocumentsCommand({ Filters, MaxResults: 50, NextToken }),
        { abortSignal },
      )
      return { items, next }
    }),
  )
}

export interface DocumentToRun {
  readonly description: string | undefined
  readonly platforms: readonly string[]
  readonly defaultVersion: string
  readonly latestVersion: string
  readonly declarations: readonly Declaration[]
}

/** A version of a document with what it asks for. */
export function useDocument(name: string, version: string) {
  return useRead(
    'documents',
    ['asks', name, version],
    async (abortSignal): Promise<DocumentToRun> => {
      const { Document } = await ssm().send(new DescribeDocumentCommand({ Name: name, DocumentVersion: version }), {
        abortSignal,
      })
      const content = await contentOf(name, version, abortSignal)
      return {
        description: Document?.Description,
        platforms: Document?.PlatformTypes ?? [],
        defaultVersion: Document?.DefaultVersion ?? '',
        latestVersion: Document?.LatestVersion ?? '',
        declarations: content === undefined ? (Document?.Parameters ?? []).map(described) : declarationsOf(content),
      }
    },
    { enabled: name !== '', keepLast: false },
  )
}

/** Undefined for who may run the document and not read it. */
async function contentOf(name: string, version: string, abortSignal: AbortSignal): Promise<string | undefined> {
  try {
    const input = { Name: name, DocumentVersion: version, DocumentFormat: 'JSON' } as const
    return (await ssm().send(new GetDocumentCommand(input), { abortSignal })).Content
  } catch (error) {
    if (isForbidden(error)) return undefined
    throw error
  }
}

function described(one: { Name?: string; Type?: string; Description?: string; DefaultValue?: string }): Declaration {
  return {
    name: one.Name ?? '',
    type: one.Type ?? 'String',
    description: one.Description,
    default: one.DefaultValue,
    allowedValues: undefined,
    allowedPattern: undefined,
    minItems: undefined,
    maxItems: undefined,
    minChars: undefined,
    maxChars: undefined,
    isLong: one.Type === 'StringList',
  }
}
