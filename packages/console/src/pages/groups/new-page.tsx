import { useState } from 'react'
import { useLocation, useSearchParams } from 'wouter'
import { useAct } from '#api/queries.ts'
import { createGroup } from '#api/resource-groups.ts'
import { notify } from '#app/notifications.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { groups as texts } from '#texts/groups.ts'
import { groupPage } from './group-address.ts'
import { createCommand, createInput, factsOf, type GroupDraft, NEW_GROUP } from './group-draft.ts'
import { GroupForm } from './group-form.tsx'

export function NewPage() {
  const [, navigate] = useLocation()
  const [search] = useSearchParams()
  const [draft, setDraft] = useState(() => draftAsked(search.get('inventory')))
  const act = useAct(['groups'], () => createGroup(createInput(draft)))
  async function submit() {
    await act.mutateAsync(undefined)
    notify({ type: 'success', header: texts.saved.created(draft.name) })
    navigate(groupPage(draft.name))
  }
  return (
    <PageFrame title={texts.create} above={[{ text: texts.title, to: '/groups' }]} contentType="form">
      <GroupForm
        draft={draft}
        isNew
        submit={texts.create}
        command={createCommand(draft)}
        busy={act.isPending}
        error={act.error}
        onChange={setDraft}
        onSubmit={() => void submit().catch(() => undefined)}
        onCancel={() => navigate('/groups')}
      />
    </PageFrame>
  )
}

/** With the filters that the address has, of somebody who searched the inventory. */
function draftAsked(filters: string | null): GroupDraft {
  try {
    return filters ? { ...NEW_GROUP, kind: 'inventory', facts: factsOf(JSON.parse(filters)), tags: [] } : NEW_GROUP
  } catch {
    return NEW_GROUP
  }
}
