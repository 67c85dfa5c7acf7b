import { GetRoleCommand, type Role } from '@aws-sdk/client-iam'
import Button from '@cloudscape-design/components/button'
import ButtonDropdown from '@cloudscape-design/components/button-dropdown'
import Container from '@cloudscape-design/components/container'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { iam } from '#api/clients/iam.ts'
import { useRead } from '#api/queries.ts'
import type { Params } from '#app/area.ts'
import { CliCommand } from '#components/cli-command.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { Copyable } from '#components/copyable.tsx'
import { Loaded } from '#components/loaded.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { PageTabs } from '#components/page-tabs.tsx'
import { Properties } from '#components/properties.tsx'
import { shellWords } from '#components/shell-words.ts'
import { Time } from '#components/time.tsx'
import { access } from '#texts/access.ts'
import { common } from '#texts/common.ts'
import { listCrumbs } from './access-frame.tsx'
import { PoliciesPanel } from './policies-panel.tsx'
import { PolicyLink } from './policy-link.tsx'
import { auditPath, simulatorPath } from './policy-links.ts'
import { DeleteRoleDialog, EditRoleDialog, RevokeSessionsDialog } from './role-dialogs.tsx'
import { TagsPanel } from './tags-panel.tsx'
import { TrustPanel } from './trust-panel.tsx'

const texts = access.role

/** One role: who may take it, and what they may do then. */
export function RolePage({ params: { name = '' } }: { params: Params }) {
  const [open, setOpen] = useState<'edit' | 'revoke' | 'delete'>()
  const close = () => setOpen(undefined)
  const read = useRead<Role>('iam', ['role', name], async () => {
    const { Role } = await iam().send(new GetRoleCommand({ RoleName: name }))
    return Role!
  })
  return (
    <PageFrame
      title={name}
      above={listCrumbs('roles')}
      description={read.data && <Copyable text={read.data.Arn!} />}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <CliCommand command={shellWords('aws', 'iam', 'get-role', '--role-name', name)} />
          <Button onClick={() => setOpen('edit')} disabled={!read.data}>
            {access.edit}
          </Button>
          <ButtonDropdown
            disabled={!read.data}
            ariaLabel={access.moreActs}
            items={[
              { id: 'revoke', text: texts.revoke },
              { id: 'delete', text: access.delete },
            ]}
            onItemClick={({ detail }) => setOpen(detail.id as 'revoke' | 'delete')}
          >
            {access.moreActs}
          </ButtonDropdown>
        </SpaceBetween>
      }
    >
      <Loaded read={read}>
        {(role) => (
          <SpaceBetween size="l">
            <RoleFacts role={role} />
            <PageTabs
              label={name}
              tabs={[
                {
                  id: 'permissions',
                  label: access.permissions.tab,
                  content: <PoliciesPanel holder={{ kind: 'role', name }} />,
                },
                { id: 'trust', label: texts.trust, content: <TrustPanel role={role} /> },
                { id: 'tags', label: access.tags.title, content: <TagsPanel kind="role" name={name} /> },
              ]}
            />
            {open === 'edit' && <EditRoleDialog role={role} onClose={close} />}
            {open === 'revoke' && <RevokeSessionsDialog name={name} onClose={close} />}
            {open === 'delete' && <DeleteRoleDialog name={name} onClose={close} />}
          </SpaceBetween>
        )}
      </Loaded>
    </PageFrame>
  )
}

function RoleFacts({ role }: { role: Role }) {
  const { RoleName, Arn, CreateDate, MaxSessionDuration = 3600, RoleLastUsed, PermissionsBoundary } = role
  return (
    <Container>
      <Properties
        columns={3}
        items={[
          { label: access.description, value: role.Description || '–' },
          { label: access.created, value: <Time at={CreateDate} /> },
          {
            label: access.roles.lastUsed,
            value: RoleLastUsed?.LastUsedDate ? <Time at={RoleLastUsed.LastUsedDate} /> : common.never,
          },
          { label: texts.duration, value: texts.hours(MaxSessionDuration / 3600) },
          ...(PermissionsBoundary
            ? [{ label: access.boundary, value: <PolicyLink arn={PermissionsBoundary.PermissionsBoundaryArn!} /> }]
            : []),
          {
            label: access.seeAlso,
            value: (
              <SpaceBetween direction="horizontal" size="s">
                <ConsoleLink to={simulatorPath(Arn!)}>{access.simulate}</ConsoleLink>
                <ConsoleLink to={auditPath(RoleName!)}>{access.audit}</ConsoleLink>
              </SpaceBetween>
            ),
          },
        ]}
      />
    </Container>
  )
}
