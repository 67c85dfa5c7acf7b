import Box from '@cloudscape-design/components/box'
import FormField from '@cloudscape-design/components/form-field'
import Multiselect from '@cloudscape-design/components/multiselect'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Tiles from '@cloudscape-design/components/tiles'
import { type ReactNode, useState } from 'react'
import { useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import { commands } from '#texts/commands.ts'
import { EveryNode, GroupField } from './group-field.tsx'
import type { RunForm, TargetKind } from './run-form.ts'
import { TagsField } from './tags-field.tsx'

const words = commands.form

interface Props {
  readonly form: RunForm
  readonly error: string | undefined
  readonly onChange: (change: Partial<RunForm>) => void
  /** What to say of every node; unless told otherwise that it takes a group. */
  readonly every?: ReactNode
}

/** Whom it runs on: nodes one by one, by tags, those of a resource group, or all. */
export function TargetFields({ form, error, onChange, every = <EveryNode /> }: Props) {
  const { kind } = form
  return (
    <SpaceBetween size="l">
      <Tiles
        value={kind}
        ariaLabel={words.targets}
        onChange={({ detail }) => onChange({ kind: detail.value as TargetKind })}
        columns={kind === 'other' ? 3 : 4}
        items={[
          { value: 'nodes', label: words.targetKinds.nodes, description: words.targetKinds.nodesHint },
          { value: 'tags', label: words.targetKinds.tags, description: words.targetKinds.tagsHint },
          { value: 'group', label: words.targetKinds.group, description: words.targetKinds.groupHint },
          { value: 'every', label: words.targetKinds.every, description: words.targetKinds.everyHint },
          ...(kind === 'other'
            ? [{ value: 'other', label: words.targetKinds.other, description: words.targetKinds.otherHint }]
            : []),
        ]}
      />
      {kind === 'nodes' && <NodesField nodes={form.nodes} error={error} onChange={(nodes) => onChange({ nodes })} />}
      {kind === 'tags' && <TagsField tags={form.tags} error={error} onChange={(tags) => onChange({ tags })} />}
      {kind === 'group' && <GroupField group={form.group} error={error} onChange={(group) => onChange({ group })} />}
      {kind === 'every' && every}
      {kind === 'other' && (
        <Box variant="code">{form.other.map(({ Key, Values }) => `${Key} = ${Values?.join(', ')}`).join('; ')}</Box>
      )}
    </SpaceBetween>
  )
}

interface NodesProps {
  readonly nodes: readonly string[]
  readonly error: string | undefined
  readonly onChange: (nodes: string[]) => void
}

const FOUND = 50

function NodesField({ nodes, error, onChange }: NodesProps) {
  const [text, setText] = useState('')
  const input = { MaxResults: FOUND, ...(text && { Query: text }) }
  const read = useRead('nodes', ['to-run-on', input], (signal) => steward('SearchNodes', input, signal))
  const options = (read.data?.Nodes ?? []).map(({ InstanceId, Name, ComputerName, PlatformName, PingStatus }) => ({
    value: InstanceId,
    label: Name || ComputerName || InstanceId,
    description: [InstanceId, PlatformName].filter(Boolean).join(' · '),
    labelTag: PingStatus === 'Online' ? '' : words.notOnline,
  }))
  const known = new Map(options.map((option) => [option.value, option]))
  return (
    <FormField label={words.nodes} errorText={error} stretch>
      <Multiselect
        selectedOptions={nodes.map((value) => known.get(value) ?? { value, label: value })}
        options={options}
        filteringType="manual"
        filteringPlaceholder={words.findNodes}
        filteringAriaLabel={words.findNodes}
        onLoadItems={({ detail }) => setText(detail.filteringText)}
        statusType={read.error ? 'error' : read.isFetching && !read.data ? 'loading' : 'finished'}
        errorText={read.error?.message}
        empty={words.preview.none}
        placeholder={nodes.length > 0 ? words.chosen(nodes.length) : words.findNodes}
        tokenLimit={10}
        expandToViewport
        keepOpen
        onChange={({ detail }) => onChange(detail.selectedOptions.map(({ value = '' }) => value))}
      />
    </FormField>
  )
}
