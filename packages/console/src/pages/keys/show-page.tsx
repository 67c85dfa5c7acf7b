import { type KeyMetadata, TagResourceCommand, UntagResourceCommand } from '@aws-sdk/client-kms'
import Alert from '@cloudscape-design/components/alert'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { kms } from '#api/clients/kms.ts'
import { useAct } from '#api/queries.ts'
import type { Params } from '#app/area.ts'
import { Loaded } from '#components/loaded.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { PageTabs } from '#components/page-tabs.tsx'
import { shellWords } from '#components/shell-words.ts'
import { type TagChange, TagsPanel } from '#components/tags-panel.tsx'
import { Time } from '#components/time.tsx'
import { keys as texts } from '#texts/keys.ts'
import { AliasesTab } from './aliases-tab.tsx'
import { ContextTab } from './context-tab.tsx'
import { GrantsTab } from './grants-tab.tsx'
import { KeyActions } from './key-actions.tsx'
import { KeyDetails } from './key-details.tsx'
import { PolicyTab } from './policy-tab.tsx'
import { useKey, useKeyTags } from './read-keys.ts'
import { RotationTab } from './rotation-tab.tsx'

/** One key of KMS. */
export function ShowPage({ params: { key: asked = '' } }: { params: Params }) {
  const read = useKey(asked)
  return (
    <PageFrame
      title={asked}
      above={[{ text: texts.title, to: '/keys' }]}
      actions={read.data && isOwn(read.data) && <KeyActions metadata={read.data} />}
    >
      <Loaded read={read}>
        {(metadata) => (
          <SpaceBetween size="l">
            {metadata.KeyState === 'PendingDeletion' && (
              <Alert type="warning" header={texts.deleting.pending}>
                {texts.deleting.at} <Time at={metadata.DeletionDate} />. {texts.deleting.hint}
              </Alert>
            )}
            {!isOwn(metadata) && <Alert type="info">{texts.managed}</Alert>}
            <KeyDetails metadata={metadata} />
            <Tabs metadata={metadata} />
          </SpaceBetween>
        )}
      </Loaded>
    </PageFrame>
  )
}

/** Keys that a service keeps for the account are changed by the service only. */
export function isOwn({ KeyManager }: KeyMetadata): boolean {
  return KeyManager !== 'AWS'
}

function Tabs({ metadata }: { metadata: KeyMetadata }) {
  const { KeyId: keyId = '' } = metadata
  const isSymmetric = metadata.KeySpec === 'SYMMETRIC_DEFAULT'
  const canChange = isOwn(metadata) && metadata.KeyState !== 'PendingDeletion'
  const symmetricOnly = [
    { id: 'rotation', label: texts.rotation.title, content: <RotationTab metadata={metadata} canChange={canChange} /> },
    { id: 'context', label: texts.context.title, content: <ContextTab keyId={keyId} /> },
  ]
  return (
    <PageTabs
      label={keyId}
      tabs={[
        { id: 'policy', label: texts.policy.title, content: <PolicyTab keyId={keyId} canChange={canChange} /> },
        { id: 'aliases', label: texts.aliases.title, content: <AliasesTab keyId={keyId} canChange={canChange} /> },
        { id: 'grants', label: texts.grants.title, content: <GrantsTab metadata={metadata} /> },
        ...(isSymmetric ? symmetricOnly : []),
        { id: 'tags', label: texts.tags, content: <Tags keyId={keyId} canChange={canChange} /> },
      ]}
    />
  )
}

function Tags({ keyId, canChange }: { keyId: string; canChange: boolean }) {
  const read = useKeyTags(keyId)
  const act = useAct(['keys'], async ({ put, removed }: TagChange) => {
    const Tags = put.map(({ key, value }) => ({ TagKey: key, TagValue: value }))
    if (Tags.length > 0) await kms().send(new TagResourceCommand({ KeyId: keyId, Tags }))
    if (removed.length > 0) await kms().send(new UntagResourceCommand({ KeyId: keyId, TagKeys: [...removed] }))
  })
  return (
    <TagsPanel
      of={keyId}
      read={read}
      onSave={canChange ? act.mutateAsync : undefined}
      listCommand={shellWords('aws', 'kms', 'list-resource-tags', '--key-id', keyId)}
      command={(change) => tagCommand(keyId, change)}
    />
  )
}

function tagCommand(keyId: string, { put, removed }: TagChange): string {
  const tags = put.map(({ key, value }) => `TagKey=${key},TagValue=${value}`)
  return [
    put.length > 0 && shellWords('aws', 'kms', 'tag-resource', '--key-id', keyId, '--tags', ...tags),
    removed.length > 0 && shellWords('aws', 'kms', 'untag-resource', '--key-id', keyId, '--tag-keys', ...removed),
  ]
    .filter(Boolean)
    .join('\n')
}
