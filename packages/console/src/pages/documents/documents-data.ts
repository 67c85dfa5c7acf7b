/** What the pages read of documents. */
import {
  DescribeDocumentCommand,
  DescribeDocumentPermissionCommand,
  type DocumentIdentifier,
  GetDocumentCommand,
  ListCommandsCommand,
  ListDocumentsCommand,
  ListDocumentVersionsCommand,
} from '@aws-sdk/client-ssm'
import { ssm } from '#api/clients/ssm.ts'
import { allPages, useRead } from '#api/queries.ts'
import { shellWords } from '#components/shell-words.ts'
import type { Form } from './editing/form.ts'

/** Every document that this account may use: its own, provided ones, and those that were shared with it or with everyone. */
export function useDocuments() {
  return useRead('documents', ['all'], async (abortSignal) => {
    // Those of others that are for everyone are listed only when they are asked for.
    const [usual, everyones] = await Promise.all([listed(undefined, abortSignal), listed('Public', abortSignal)])
    return [...new Map([...usual, ...everyones].map((one) => [one.Name!, one])).values()]
  })
}

async function listed(owner: string | undefined, abortSignal: AbortSignal): Promise<DocumentIdentifier[]> {
  const Filters = owner === undefined ? undefined : [{ Key: 'Owner', Values: [owner] }]
  return allPages(async (NextToken) => {
    const page = await ssm().send(new ListDocumentsCommand({ Filters, NextToken, MaxResults: 50 }), { abortSignal })
    return { items: page.DocumentIdentifiers ?? [], next: page.NextToken }
  })
}

/** A document in a version, by default in the default one. */
export function useDocument(name: string, version?: string | undefined) {
  return useRead('documents', ['one', name, version], async (abortSignal) => {
    const wanted = { Name: name, DocumentVersion: version }
    const { Document } = await ssm().send(new DescribeDocumentCommand(wanted), { abortSignal })
    return Document!
  })
}

/** The content of a version in a format; `TEXT` for what has one form only. */
export function useContent(name: string, version: string, form: Form, enabled = true) {
  const read = async (abortSignal: AbortSignal) => {
    const wanted = { Name: name, DocumentVersion: version, DocumentFormat: form }
    const { Content } = await ssm().send(new GetDocumentCommand(wanted), { abortSignal })
    return Content ?? ''
  }
  return useRead('documents', ['content', name, version, form], read, { enabled })
}

/** All versions, the newest first. */
export function useVersions(name: string, enabled = true) {
  const read = async (abortSignal: AbortSignal) =>
    allPages(async (NextToken) => {
      const wanted = { Name: name, NextToken, MaxResults: 50 }
      const page = await ssm().send(new ListDocumentVersionsCommand(wanted), { abortSignal })
      return { items: page.DocumentVersions ?? [], next: page.NextToken }
    })
  return useRead('documents', ['versions', name], read, { enabled })
}

/** The accounts that it is shared with; `All` stands for every account. */
export function useShares(name: string, enabled = true) {
  const read = async (abortSignal: AbortSignal) =>
    allPages(async (NextToken) => {
      const wanted = { Name: name, PermissionType: 'Share', NextToken } as const
      const page = await ssm().send(new DescribeDocumentPermissionCommand(wanted), { abortSignal })
      return { items: page.AccountSharingInfoList ?? [], next: page.NextToken }
    })
  return useRead('documents', ['shares', name], read, { enabled })
}

export const NEWEST_RUNS = 50

/** The newest commands that ran the document. */
export function useRuns(name: string, enabled = true) {
  const read = async (abortSignal: AbortSignal) => {
    const wanted = { Filters: [{ key: 'DocumentName', value: name } as const], MaxResults: NEWEST_RUNS }
    const { Commands = [], NextToken } = await ssm().send(new ListCommandsCommand(wanted), { abortSignal })
    return { commands: Commands, more: NextToken !== undefined }
  }
  return useRead('commands', ['of-document', name], read, { enabled })
}

/** Reading the content from a terminal. */
export function contentCommand(name: string, version: string): string {
  return shellWords('aws', 'ssm', 'get-document', '--name', name, '--document-version', version)
}
