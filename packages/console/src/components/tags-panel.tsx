import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import TagEditor, { type TagEditorProps } from '@cloudscape-design/components/tag-editor'
import type { UseQueryResult } from '@tanstack/react-query'
import { useState } from 'react'
import { notify } from '#app/notifications.tsx'
import { Properties } from '#components/properties.tsx'
import { tagTexts } from '#texts/tags.ts'
import { CliCommand } from './cli-command.tsx'
import { Confirm } from './confirm.tsx'
import { Empty } from './empty.tsx'
import { Loaded } from './loaded.tsx'

export interface Tag {
  readonly key: string
  readonly value: string
}

export interface TagChange {
  /** New ones, and those with another value. */
  readonly put: readonly Tag[]
  readonly removed: readonly string[]
}

export interface TagsPanelProps {
  /** Whose they are, by name. */
  readonly of: string
  readonly read: UseQueryResult<readonly Tag[], unknown>
  /** Undefined: they cannot be changed. */
  readonly onSave?: ((change: TagChange) => Promise<unknown>) | undefined
  /** Reading them from a terminal. */
  readonly listCommand: string
  /** Changing them from a terminal. */
  readonly command: (change: TagChange) => string
  readonly limit?: number
}

/** The tags of anything, to read and to change. */
export function TagsPanel({ of, read, onSave, listCommand, command, limit = 50 }: TagsPanelProps) {
  const [editing, setEditing] = useState<readonly Tag[]>()
  const actions = (
    <SpaceBetween direction="horizontal" size="xs">
      <CliCommand command={listCommand} />
      {onSave && (
        <Button disabled={!read.data} onClick={() => setEditing(read.data)}>
          {tagTexts.manage}
        </Button>
      )}
    </SpaceBetween>
  )
  return (
    <Container header={<Header actions={actions}>{tagTexts.title}</Header>}>
      <Loaded read={read}>
        {(tags) =>
          tags.length === 0 ? (
            <Empty title={tagTexts.none}>{tagTexts.noneHint}</Empty>
          ) : (
            <Properties columns={3} items={tags.map(({ key, value }) => ({ label: key, value: value || '–' }))} />
          )
        }
      </Loaded>
      {editing && onSave && (
        <EditTags
          of={of}
          before={editing}
          limit={limit}
          command={command}
          onSave={onSave}
          onClose={() => setEditing(undefined)}
        />
      )}
    </Container>
  )
}

interface EditTagsProps extends Pick<TagsPanelProps, 'of' | 'command'> {
  readonly before: readonly Tag[]
  readonly limit: number
  readonly onSave: (change: TagChange) => Promise<unknown>
  readonly onClose: () => void
}

function EditTags({ of, before, limit, command, onSave, onClose }: EditTagsProps) {
  const [tags, setTags] = useState<readonly TagEditorProps.Tag[]>(before.map((tag) => ({ ...tag, existing: true })))
  const [valid, setValid] = useState(true)
  const change = tagChange(before, tags)
  const changes = change.put.length + change.removed.length
  return (
    <Confirm
      title={tagTexts.manageTitle(of)}
      act={tagTexts.save}
      size="large"
      disabled={!valid || changes === 0}
      command={changes > 0 ? command(change) : undefined}
      onConfirm={async () => {
        await onSave(change)
        notify({ type: 'success', header: tagTexts.saved })
      }}
      onClose={onClose}
    >
      <TagEditor
        tags={tags}
        tagLimit={limit}
        i18nStrings={{
          removeButton: tagTexts.remove,
          enteredKeyLabel: tagTexts.use,
          enteredValueLabel: tagTexts.use,
        }}
        onChange={({ detail }) => {
          setTags(detail.tags)
          setValid(detail.valid)
        }}
      />
    </Confirm>
  )
}

function tagChange(before: readonly Tag[], tags: readonly TagEditorProps.Tag[]): TagChange {
  const kept = tags.filter(({ markedForRemoval, key }) => !markedForRemoval && key !== '')
  return {
    put: kept
      .filter(({ key, value }) => before.find((tag) => tag.key === key)?.value !== value)
      .map(({ key, value }) => ({ key, value })),
    removed: before.map(({ key }) => key).filter((key) => !kept.some((tag) => tag.key === key)),
  }
}
