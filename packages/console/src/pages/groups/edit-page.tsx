import { useState } from 'react'
import { useLocation } from 'wouter'
import { useAct } from '#api/queries.ts'
import { updateGroup, updateGroupQuery } from '#api/resource-groups.ts'
import type { Params } from '#app/area.ts'
import { notify } from '#app/notifications.tsx'
import { Loaded } from '#components/loaded.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { groups as texts } from '#texts/groups.ts'
import { groupPage } from './group-address.ts'
import { draftOf, type GroupDetails, isByQuery, resourceQuery, updateCommand } from './group-draft.ts'
import { GroupForm } from './group-form.tsx'
import { useGroup } from './read-groups.ts'

/** What a group is for, and what is in it, to be changed. */
export function EditPage({ params: { name = '' } }: { params: Params }) {
  const read = useGroup(name)
  return (
    <PageFrame
      title={texts.editTitle(name)}
      above={[
        { text: texts.title, to: '/groups' },
        { text: name, to: groupPage(name) },
      ]}
      contentType="form"
    >
      <Loaded read={read}>{(group) => <Edit group={group} />}</Loaded>
    </PageFrame>
  )
}

function Edit({ group }: { group: GroupDetails }) {
  const [, navigate] = useLocation()
  const [draft, setDraft] = useState(() => draftOf(group))
  const act = useAct(['groups'], async () => {
    await updateGroup({ Group: draft.name, Description: draft.description })
    if (isByQuery(draft)) await updateGroupQuery({ Group: draft.name, ResourceQuery: resourceQuery(draft) })
  })
  async function submit() {
    await act.mutateAsync(undefined)
    notify({ type: 'success', header: texts.saved.changed(draft.name) })
    navigate(groupPage(draft.name))
  }
  return (
    <GroupForm
      draft={draft}
      submit={texts.save}
      command={updateCommand(draft)}
      busy={act.isPending}
      error={act.error}
      onChange={setDraft}
      onSubmit={() => void submit().catch(() => undefined)}
      onCancel={() => navigate(groupPage(draft.name))}
    />
  )
}
