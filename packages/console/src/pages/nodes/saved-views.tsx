import ButtonDropdown, { type ButtonDropdownProps } from '@cloudscape-design/components/button-dropdown'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import { createStore, useStore } from '#api/store.ts'
import { FormDialog } from '#components/form-dialog.tsx'
import { nodes } from '#texts/nodes.ts'

const { views: texts } = nodes

interface View {
  readonly name: string
  /** The part of the address behind the question mark. */
  readonly search: string
}

const BUILT_IN: readonly View[] = [
  { name: texts.all, search: '' },
  { name: texts.online, search: String(new URLSearchParams({ f: 'PingStatus~=~Online' })) },
  {
    name: texts.lost,
    search: String(new URLSearchParams({ f: 'PingStatus~=~ConnectionLost', sort: '-LastPingDateTime' })),
  },
  { name: texts.outdated, search: String(new URLSearchParams({ f: 'IsLatestVersion~=~false' })) },
  { name: texts.never, search: String(new URLSearchParams({ f: `LastPingDateTime~=~${nodes.noValue}` })) },
]

const KEPT = 'steward.views.nodes'
const saved = createStore<readonly View[]>(JSON.parse(localStorage.getItem(KEPT) ?? '[]') as View[])
saved.subscribe(() => localStorage.setItem(KEPT, JSON.stringify(saved.get())))

/** Searches to come back to: the usual ones, and those that the person saved in this browser. */
export function SavedViews() {
  const [search, setSearch] = useSearchParams()
  const mine = useStore(saved)
  const [naming, setNaming] = useState(false)
  function chosen(id: string) {
    const [what, index] = id.split(':')
    if (what === 'save') return setNaming(true)
    if (what === 'remove') return saved.set(mine.filter((_, at) => at !== Number(index)))
    const view = (what === 'usual' ? BUILT_IN : mine)[Number(index)]
    if (view) setSearch(new URLSearchParams(view.search))
  }
  return (
    <>
      <ButtonDropdown items={menu(mine)} onItemClick={({ detail }) => chosen(detail.id)}>
        {texts.button}
      </ButtonDropdown>
      {naming && (
        <NameView
          onClose={() => setNaming(false)}
          onSave={(name) => saved.set([...mine.filter((view) => view.name !== name), { name, search: String(search) }])}
        />
      )}
    </>
  )
}

function menu(mine: readonly View[]): ButtonDropdownProps.ItemOrGroup[] {
  const items = (what: string, views: readonly View[]) =>
    views.map(({ name }, index) => ({ id: `${what}:${index}`, text: name }))
  return [
    { text: texts.builtIn, items: items('usual', BUILT_IN) },
    ...(mine.length > 0 ? [{ text: texts.saved, items: items('mine', mine) }] : []),
    { id: 'save', text: texts.save },
    ...(mine.length > 0 ? [{ text: texts.remove, items: items('remove', mine) }] : []),
  ]
}

function NameView({ onSave, onClose }: { onSave: (name: string) => void; onClose: () => void }) {
  const [name, setName] = useState('')
  return (
    <FormDialog
      title={texts.save}
      act={texts.save}
      disabled={name.trim() === ''}
      onSubmit={async () => onSave(name.trim())}
      onClose={onClose}
    >
      <FormField label={texts.name} description={texts.nameHint}>
        <Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus />
      </FormField>
    </FormDialog>
  )
}
