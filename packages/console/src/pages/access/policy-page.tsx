import {
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  GetPolicyCommand,
  ListEntitiesForPolicyCommand,
  ListPolicyVersionsCommand,
  type Policy,
  type PolicyVersion,
  SetDefaultPolicyVersionCommand,
} from '@aws-sdk/client-iam'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { iam } from '#api/clients/iam.ts'
import { useAct, useRead } from '#api/queries.ts'
import type { Params } from '#app/area.ts'
import { notify } from '#app/notifications.tsx'
import { CliCommand } from '#components/cli-command.tsx'
import { Confirm } from '#components/confirm.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { Copyable } from '#components/copyable.tsx'
import { Editor } from '#components/editor/editor.tsx'
import { Empty } from '#components/empty.tsx'
import { Loaded } from '#components/loaded.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { PageTabs } from '#components/page-tabs.tsx'
import { Properties } from '#components/properties.tsx'
import { shellWords } from '#components/shell-words.ts'
import { ListPanel } from '#components/table/list-panel.tsx'
import { Time } from '#components/time.tsx'
import { access } from '#texts/access.ts'
import { listCrumbs } from './access-frame.tsx'
import { detach, type Holder, holderPath } from './holder.ts'
import { PolicyVersions } from './policy-versions.tsx'
import { documentOf, isAwsManaged } from './reads.ts'

const texts = access.policy

/** A managed policy: what it says, its versions, and who has it. */
export function PolicyPage({ params: { arn = '' } }: { params: Params }) {
  const [, navigate] = useLocation()
  const [deleting, setDeleting] = useState(false)
  const read = useRead<Policy>('iam', ['policy', arn], async () => {
    const { Policy } = await iam().send(new GetPolicyCommand({ PolicyArn: arn }))
    return Policy!
  })
  const changes = !isAwsManaged(arn)
  return (
    <PageFrame
      title={arn.split('/').at(-1) || texts.title}
      above={listCrumbs('policies')}
      description={<Copyable text={arn} />}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <CliCommand command={shellWords('aws', 'iam', 'get-policy', '--policy-arn', arn)} />
          {changes && (
            <Button onClick={() => setDeleting(true)} disabled={!read.data}>
              {access.delete}
            </Button>
          )}
          {changes && (
            <Button
              variant="primary"
              disabled={!read.data}
              onClick={() => navigate(`/access/edit-policy?${new URLSearchParams({ arn })}`)}
            >
              {access.edit}
            </Button>
          )}
        </SpaceBetween>
      }
    >
      <Loaded read={read}>
        {(policy) => (
          <SpaceBetween size="l">
            <Facts policy={policy} />
            <PageTabs
              label={policy.PolicyName!}
              tabs={[
                { id: 'document', label: texts.document, content: <Document policy={policy} /> },
                { id: 'versions', label: texts.versions, content: <Versions policy={policy} /> },
                { id: 'attached', label: texts.attached, content: <AttachedTo arn={arn} /> },
              ]}
            />
            {deleting && <DeletePolicy policy={policy} onClose={() => setDeleting(false)} />}
          </SpaceBetween>
        )}
      </Loaded>
    </PageFrame>
  )
}

function Facts({ policy }: { policy: Policy }) {
  return (
    <Container>
      <Properties
        columns={3}
        items={[
          {
            label: access.permissions.type,
            value: isAwsManaged(policy.Arn) ? access.permissions.awsManaged : access.permissions.customerManaged,
          },
          { label: access.created, value: <Time at={policy.CreateDate} /> },
          { label: access.policies.changed, value: <Time at={policy.UpdateDate} /> },
          { label: texts.defaultVersion, value: policy.DefaultVersionId },
          { label: access.policies.attachments, value: String(policy.AttachmentCount ?? 0) },
          { label: access.description, value: policy.Description || '–' },
        ]}
      />
    </Container>
  )
}

function Document({ policy }: { policy: Policy }) {
  const { Arn: arn = '', DefaultVersionId: version = '' } = policy
  const read = useRead('iam', ['policy-document', arn, version], () => documentOf(arn, version))
  return (
    <Container header={<Header variant="h2">{texts.document}</Header>}>
      <Loaded read={read}>{(text) => <Editor label={texts.document} language="json" value={text} />}</Loaded>
    </Container>
  )
}

function Versions({ policy }: { policy: Policy }) {
  const PolicyArn = policy.Arn!
  const read = useRead<PolicyVersion[]>('iam', ['policy-versions', PolicyArn], async () => {
    const { Versions = [] } = await iam().send(new ListPolicyVersionsCommand({ PolicyArn }))
    return Versions
  })
  const setDefault = useAct(['iam'], (VersionId: string) =>
    iam().send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId })),
  )
  const remove = useAct(['iam'], (VersionId: string) =>
    iam().send(new DeletePolicyVersionCommand({ PolicyArn, VersionId })),
  )
  return (
    <Loaded read={read}>
      {(versions) => (
        <PolicyVersions
          arn={PolicyArn}
          versions={versions}
          fixed={isAwsManaged(PolicyArn)}
          onSetDefault={setDefault.mutateAsync}
          onDelete={remove.mutateAsync}
        />
      )}
    </Loaded>
  )
}

function useHolders(arn: string) {
  return useRead<(Holder & { readonly asBoundary: boolean })[]>('iam', ['entities', arn], async () => {
    const [granted, bounded] = await Promise.all(
      (['PermissionsPolicy', 'PermissionsBoundary'] as const).map((PolicyUsageFilter) =>
        iam().send(new ListEntitiesForPolicyCommand({ PolicyArn: arn, PolicyUsageFilter, MaxItems: 1000 })),
      ),
    )
    return [granted!, bounded!].flatMap(({ PolicyUsers = [], PolicyGroups = [], PolicyRoles = [] }, index) => {
      const asBoundary = index === 1
      return [
        ...PolicyUsers.map(({ UserName }) => ({ kind: 'user' as const, name: UserName!, asBoundary })),
        ...PolicyGroups.map(({ GroupName }) => ({ kind: 'group' as const, name: GroupName!, asBoundary })),
        ...PolicyRoles.map(({ RoleName }) => ({ kind: 'role' as const, name: RoleName!, asBoundary })),
      ]
    })
  })
}

function AttachedTo({ arn }: { arn: string }) {
  const read = useHolders(arn)
  return (
    <ListPanel
      name="policy-holders"
      title={texts.attached}
      idOf={({ kind, name, asBoundary }) => `${kind} ${name} ${asBoundary}`}
      read={read}
      searchable={(read.data?.length ?? 0) > 10}
      command={shellWords('aws', 'iam', 'list-entities-for-policy', '--policy-arn', arn)}
      empty={<Empty title={texts.nobody}>{texts.nobodyHint}</Empty>}
      columns={[
        {
          id: 'name',
          header: texts.holder,
          rowHeader: true,
          width: 320,
          text: ({ name }) => name,
          cell: (holder) => <ConsoleLink to={holderPath(holder)}>{holder.name}</ConsoleLink>,
        },
        {
          id: 'kind',
          header: texts.kind,
          text: ({ kind }) => access.kinds[kind],
          cell: ({ kind }) => access.kinds[kind],
        },
        {
          id: 'as',
          header: texts.as,
          text: ({ asBoundary }) => (asBoundary ? access.boundary : texts.grant),
          cell: ({ asBoundary }) => (asBoundary ? access.boundary : texts.grant),
        },
      ]}
    />
  )
}

function DeletePolicy({ policy, onClose }: { policy: Policy; onClose: () => void }) {
  const [, navigate] = useLocation()
  const PolicyArn = policy.Arn!
  const holders = useHolders(PolicyArn)
  const remove = useAct(['iam'], async () => {
    for (const holder of holders.data ?? []) if (!holder.asBoundary) await detach(holder, PolicyArn)
    const { Versions = [] } = await iam().send(new ListPolicyVersionsCommand({ PolicyArn }))
    for (const { VersionId, IsDefaultVersion } of Versions)
      if (!IsDefaultVersion) await iam().send(new DeletePolicyVersionCommand({ PolicyArn, VersionId }))
    await iam().send(new DeletePolicyCommand({ PolicyArn }))
  })
  return (
    <Confirm
      title={texts.deleteTitle(policy.PolicyName!)}
      act={access.delete}
      word={policy.PolicyName}
      command={shellWords('aws', 'iam', 'delete-policy', '--policy-arn', PolicyArn)}
      onConfirm={async () => {
        await remove.mutateAsync(undefined)
        notify({ type: 'success', header: texts.deleted(policy.PolicyName!) })
        navigate('/access/policies')
      }}
      onClose={onClose}
    >
      {texts.deleteHint(holders.data?.map(({ name }) => name) ?? [])}
    </Confirm>
  )
}
