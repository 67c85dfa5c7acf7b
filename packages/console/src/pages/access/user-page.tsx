import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
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
import { AccessKeysPanel } from './access-keys-panel.tsx'
import { DeleteUserDialog } from './delete-user-dialog.tsx'
import { GroupsOfUser } from './groups-of-user.tsx'
import { MfaPanel } from './mfa-panel.tsx'
import { PasswordPanel } from './password-panel.tsx'
import { PoliciesPanel } from './policies-panel.tsx'
import { PolicyLink } from './policy-link.tsx'
import { auditPath, simulatorPath } from './policy-links.ts'
import { useUser } from './reads.ts'
import { TagsPanel } from './tags-panel.tsx'

const texts = access.user

/** One user: what it may do, how it proves itself, and what it is tagged with. */
export function UserPage({ params: { name = '' } }: { params: Params }) {
  const [deleting, setDeleting] = useState(false)
  const user = useUser(name)
  return (
    <PageFrame
      title={name}
      above={listCrumbs('users')}
      description={user.data && <Copyable text={user.data.Arn!} />}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <CliCommand command={shellWords('aws', 'iam', 'get-user', '--user-name', name)} />
          <Button onClick={() => setDeleting(true)} disabled={!user.data}>
            {access.delete}
          </Button>
        </SpaceBetween>
      }
    >
      <Loaded read={user}>
        {({ Arn, UserId, CreateDate, PasswordLastUsed, Path, PermissionsBoundary }) => (
          <SpaceBetween size="l">
            <Container>
              <Properties
                columns={3}
                items={[
                  { label: access.id, value: <Copyable text={UserId!} /> },
                  { label: access.path, value: Path! },
                  { label: access.created, value: <Time at={CreateDate} /> },
                  {
                    label: access.users.lastSignIn,
                    value: PasswordLastUsed ? <Time at={PasswordLastUsed} /> : common.never,
                  },
                  {
                    label: access.seeAlso,
                    value: (
                      <SpaceBetween direction="horizontal" size="s">
                        <ConsoleLink to={simulatorPath(Arn!)}>{access.simulate}</ConsoleLink>
                        <ConsoleLink to={auditPath(name)}>{access.audit}</ConsoleLink>
                      </SpaceBetween>
                    ),
                  },
                  ...(PermissionsBoundary
                    ? [
                        {
                          label: access.boundary,
                          value: <PolicyLink arn={PermissionsBoundary.PermissionsBoundaryArn!} />,
                        },
                      ]
                    : []),
                ]}
              />
            </Container>
            <PageTabs
              label={name}
              tabs={[
                {
                  id: 'permissions',
                  label: access.permissions.tab,
                  content: (
                    <SpaceBetween size="l">
                      <GroupsOfUser name={name} />
                      <PoliciesPanel holder={{ kind: 'user', name }} />
                    </SpaceBetween>
                  ),
                },
                {
                  id: 'security',
                  label: texts.security,
                  content: (
                    <SpaceBetween size="l">
                      <PasswordPanel name={name} lastUsed={PasswordLastUsed} />
                      <MfaPanel name={name} />
                      <AccessKeysPanel name={name} />
                    </SpaceBetween>
                  ),
                },
                { id: 'tags', label: access.tags.title, content: <TagsPanel kind="user" name={name} /> },
              ]}
            />
            {deleting && <DeleteUserDialog name={name} onClose={() => setDeleting(false)} />}
          </SpaceBetween>
        )}
      </Loaded>
    </PageFrame>
  )
}
