import type { PolicyVersion } from '@aws-sdk/client-iam'
import Badge from '@cloudscape-design/components/badge'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { useRead } from '#api/queries.ts'
import { Confirm } from '#components/confirm.tsx'
import { Diff } from '#components/editor/editor.tsx'
import { Loaded } from '#components/loaded.tsx'
import { shellWords } from '#components/shell-words.ts'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { Time } from '#components/time.tsx'
import { access } from '#texts/access.ts'
import { documentOf } from './reads.ts'

const texts = access.versions

interface PolicyVersionsProps {
  readonly arn: string
  readonly versions: readonly PolicyVersion[]
  /** Nobody changes them. */
  readonly fixed: boolean
  readonly onSetDefault: (version: string) => Promise<unknown>
  readonly onDelete: (version: string) => Promise<unknown>
}

/** The versions of a policy; a chosen one beside the one in force. */
export function PolicyVersions({ arn, versions, fixed, onSetDefault, onDelete }: PolicyVersionsProps) {
  const [selected, setSelected] = useState<PolicyVersion>()
  const [asking, setAsking] = useState<'default' | 'delete'>()
  const current = versions.find(({ IsDefaultVersion }) => IsDefaultVersion)
  const chosen = versions.find(({ VersionId }) => VersionId === selected?.VersionId)
  const idle = !chosen || chosen.IsDefaultVersion === true
  const version = chosen?.VersionId ?? ''
  const words = ['--policy-arn', arn, '--version-id', version]
  return (
    <SpaceBetween size="l">
      <ResourceTable<PolicyVersion>
        name="policy-versions"
        prefix="versions-"
        variant="container"
        title={access.policy.versions}
        searchable={false}
        idOf={({ VersionId }) => VersionId!}
        items={versions}
        selection={{
          type: 'single',
          selected: chosen ? [chosen] : [],
          onSelect: ([one]) => setSelected(one),
        }}
        command={shellWords('aws', 'iam', 'list-policy-versions', '--policy-arn', arn)}
        empty={null}
        actions={
          !fixed && (
            <SpaceBetween direction="horizontal" size="xs">
              <Button disabled={idle} onClick={() => setAsking('delete')}>
                {access.delete}
              </Button>
              <Button disabled={idle} onClick={() => setAsking('default')}>
                {texts.setDefault}
              </Button>
            </SpaceBetween>
          )
        }
        columns={[
          {
            id: 'version',
            header: texts.version,
            rowHeader: true,
            text: ({ VersionId }) => VersionId!,
            cell: ({ VersionId, IsDefaultVersion }) => (
              <SpaceBetween direction="horizontal" size="xs">
                {VersionId}
                {IsDefaultVersion && <Badge color="green">{texts.inForce}</Badge>}
              </SpaceBetween>
            ),
          },
          {
            id: 'created',
            header: access.created,
            text: ({ CreateDate }) => CreateDate!.toISOString(),
            cell: ({ CreateDate }) => <Time at={CreateDate} />,
            width: 340,
          },
        ]}
      />
      {current && chosen && !idle && (
        <Compared arn={arn} before={current.VersionId!} after={version} key={`${current.VersionId} ${version}`} />
      )}
      {asking && (
        <Confirm
          title={asking === 'default' ? texts.setDefaultTitle(version) : texts.deleteTitle(version)}
          act={asking === 'default' ? texts.setDefault : access.delete}
          command={shellWords(
            'aws',
            'iam',
            asking === 'default' ? 'set-default-policy-version' : 'delete-policy-version',
            ...words,
          )}
          onConfirm={() => (asking === 'default' ? onSetDefault(version) : onDelete(version))}
          onClose={() => setAsking(undefined)}
        >
          {asking === 'default' ? texts.setDefaultHint : texts.deleteHint}
        </Confirm>
      )}
    </SpaceBetween>
  )
}

function Compared({ arn, before, after }: { arn: string; before: string; after: string }) {
  const read = useRead('iam', ['policy-diff', arn, before, after], () =>
    Promise.all([documentOf(arn, before), documentOf(arn, after)]),
  )
  return (
    <Container header={<Header variant="h2">{texts.compared(before, after)}</Header>}>
      <Loaded read={read}>
        {([one, other]) => <Diff before={one} after={other} language="json" label={texts.compared(before, after)} />}
      </Loaded>
    </Container>
  )
}
