import ButtonDropdown from '@cloudscape-design/components/button-dropdown'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { Params } from '#app/area.ts'
import { ButtonLink } from '#components/button-link.tsx'
import { CliCommand } from '#components/cli-command.tsx'
import { Empty } from '#components/empty.tsx'
import { Loaded } from '#components/loaded.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { PageTabs } from '#components/page-tabs.tsx'
import { stewardCall } from '#components/steward-call.ts'
import { groups as texts } from '#texts/groups.ts'
import { DeleteGroups } from './delete-groups.tsx'
import { groupPage } from './group-address.ts'
import type { GroupDetails } from './group-draft.ts'
import { GroupTags } from './group-tags.tsx'
import { Members } from './members.tsx'
import { Overview } from './overview.tsx'
import { QueryTab } from './query-tab.tsx'
import { useGroup } from './read-groups.ts'

/** One group: what is in it, and how that stands. */
export function ShowPage({ params: { name = '' } }: { params: Params }) {
  const [, navigate] = useLocation()
  const [deleting, setDeleting] = useState(false)
  const read = useGroup(name)
  return (
    <PageFrame
      title={name || texts.asked}
      description={read.data?.description}
      above={[{ text: texts.title, to: '/groups' }]}
      actions={
        read.data && (
          <SpaceBetween direction="horizontal" size="xs">
            <CliCommand command={stewardCall('DescribeGroupOverview', { Group: name })} />
            <ButtonDropdown
              items={[
                { id: 'edit', text: texts.edit },
                { id: 'associate', text: texts.associate },
                { id: 'delete', text: texts.delete },
              ]}
              onItemClick={({ detail }) => {
                if (detail.id === 'edit') navigate(groupPage(name, 'edit'))
                else if (detail.id === 'associate') navigate(onGroup('/associations/new', name))
                else setDeleting(true)
              }}
            >
              {texts.actions}
            </ButtonDropdown>
            <ButtonLink to={onGroup('/commands/run', name)} variant="primary">
              {texts.run}
            </ButtonLink>
          </SpaceBetween>
        )
      }
    >
      {name ? (
        <Loaded read={read}>{(group) => <GroupTabs group={group} />}</Loaded>
      ) : (
        <Empty title={texts.asked} action={<ButtonLink to="/groups">{texts.title}</ButtonLink>} />
      )}
      {deleting && (
        <DeleteGroups names={[name]} onClose={() => setDeleting(false)} onDone={() => navigate('/groups')} />
      )}
    </PageFrame>
  )
}

/** A form whose target is the group. */
function onGroup(path: string, group: string): string {
  return `${path}?${new URLSearchParams({ on: 'group', group })}`
}

function GroupTabs({ group }: { group: GroupDetails }) {
  const { tabs } = texts.page
  return (
    <PageTabs
      tabs={[
        { id: 'overview', label: tabs.overview, content: <Overview group={group} /> },
        { id: 'members', label: tabs.members, content: <Members group={group} /> },
        { id: 'query', label: tabs.query, content: <QueryTab group={group} /> },
        { id: 'tags', label: tabs.tags, content: <GroupTags group={group} /> },
      ]}
    />
  )
}
