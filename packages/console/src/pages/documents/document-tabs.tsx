import {
  AddTagsToResourceCommand,
  type DocumentDescription,
  ListTagsForResourceCommand,
  RemoveTagsFromResourceCommand,
} from '@aws-sdk/client-ssm'
import type { ReactNode } from 'react'
import { ssm } from '#api/clients/ssm.ts'
import { useAct, useRead } from '#api/queries.ts'
import { PageTabs } from '#components/page-tabs.tsx'
import { shellWords } from '#components/shell-words.ts'
import { type TagChange, TagsPanel } from '#components/tags-panel.tsx'
import { documents } from '#texts/documents.ts'
import { ContentTab } from './content-tab.tsx'
import { originOf } from './owner.ts'
import { ParametersTab } from './parameters-tab.tsx'
import { RunsTab } from './runs-tab.tsx'
import { SharingTab } from './sharing-tab.tsx'
import { StepsTab } from './steps-tab.tsx'
import { VersionsTab } from './versions-tab.tsx'

const texts = documents.tabs

export interface DocumentTabProps {
  /** The name by which callers here know it. */
  readonly name: string
  readonly document: DocumentDescription
}

/** Everything about a document, part by part; the address says which part. */
export function DocumentTabs(props: DocumentTabProps) {
  return <PageTabs label={texts.label} tabs={tabsOf(props)} />
}

function tabsOf(props: DocumentTabProps): { id: string; label: string; content: ReactNode }[] {
  const { document } = props
  const own = originOf(document) === 'own'
  const runs = document.DocumentType === 'Command' || document.DocumentType === 'Policy'
  const isText = document.DocumentFormat === 'TEXT'
  return [
    { id: 'content', label: texts.content, content: <ContentTab {...props} /> },
    ...(isText ? [] : [{ id: 'parameters', label: texts.parameters, content: <ParametersTab {...props} /> }]),
    ...(isText || document.DocumentType === 'Session'
      ? []
      : [{ id: 'steps', label: texts.steps, content: <StepsTab {...props} /> }]),
    { id: 'versions', label: texts.versions, content: <VersionsTab {...props} /> },
    ...(runs ? [{ id: 'runs', label: texts.runs, content: <RunsTab {...props} /> }] : []),
    ...(own
      ? [
          { id: 'sharing', label: texts.sharing, content: <SharingTab {...props} /> },
          { id: 'tags', label: texts.tags, content: <TagsTab {...props} /> },
        ]
      : []),
  ]
}

function TagsTab({ name }: DocumentTabProps) {
  const resource = { ResourceType: 'Document', ResourceId: name } as const
  const read = useRead('documents', ['tags', name], async (abortSignal) => {
    const { TagList = [] } = await ssm().send(new ListTagsForResourceCommand(resource), { abortSignal })
    return TagList.map(({ Key = '', Value = '' }) => ({ key: Key, value: Value }))
  })
  const act = useAct(['documents'], async ({ put, removed }: TagChange) => {
    const Tags = put.map(({ key, value }) => ({ Key: key, Value: value }))
    if (removed.length > 0) await ssm().send(new RemoveTagsFromResourceCommand({ ...resource, TagKeys: [...removed] }))
    if (put.length > 0) await ssm().send(new AddTagsToResourceCommand({ ...resource, Tags }))
  })
  return <TagsPanel of={name} read={read} onSave={act.mutateAsync} command={(change) => tagCommands(name, change)} />
}

function tagCommands(name: string, { put, removed }: TagChange): string {
  const resource = ['--resource-type', 'Document', '--resource-id', name]
  const lines: string[] = []
  if (removed.length > 0)
    lines.push(shellWords('aws', 'ssm', 'remove-tags-from-resource', ...resource, '--tag-keys', ...removed))
  if (put.length > 0) {
    const tags = put.map(({ key, value }) => `Key=${key},Value=${value}`)
    lines.push(shellWords('aws', 'ssm', 'add-tags-to-resource', ...resource, '--tags', ...tags))
  }
  return lines.join('\n')
}
