import Autosuggest, { type AutosuggestProps } from '@cloudscape-design/components/autosuggest'
import type { steward as model } from '@steward/model'
import { useEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import type { Wire } from '#api/wire.ts'
import { nodeStatusText } from '#components/node-status.tsx'
import { shell } from '#texts/shell.ts'
import { areas } from './areas.ts'

type Hit = Wire<model.SearchHit>

const { search: texts } = shell
const PAUSE_MS = 150
const SHORTEST = 2

/** Where the console shows what was found. */
const PAGES: Readonly<Record<Hit['Kind'], (id: string) => string>> = {
  Node: (id) => `/nodes/${id}`,
  Document: (name) => `/documents/show?name=${encodeURIComponent(name)}`,
  Parameter: (name) => `/parameters/show?name=${encodeURIComponent(name)}`,
  Command: (id) => `/commands/${id}`,
}

/** Finds nodes, documents, parameters and commands by whatever is known of them, and pages by name. Ctrl+K (⌘K) leads here. */
export function GlobalSearch() {
  const [, navigate] = useLocation()
  const [value, setValue] = useState('')
  const asked = useAfterPause(value.trim())
  const field = useShortcut()
  const wanted = asked.length >= SHORTEST
  const read = useRead('server', ['search', asked], (signal) => steward('Search', { Query: asked }, signal), {
    enabled: wanted,
  })
  const groups = value.trim().length >= SHORTEST ? optionsFor(value.trim(), read.data?.Groups ?? []) : []
  const busy = value.trim() !== asked || (wanted && read.isFetching)
  return (
    <Autosuggest
      ref={field}
      value={value}
      onChange={({ detail }) => setValue(detail.value)}
      onSelect={({ detail }) => {
        if (!detail.selectedOption?.value) return
        setValue('')
        navigate(detail.selectedOption.value)
      }}
      options={groups}
      filteringType="manual"
      hideEnteredTextOption
      placeholder={texts.placeholder}
      ariaLabel={texts.label}
      statusType={read.isError ? 'error' : busy ? 'loading' : 'finished'}
      loadingText={texts.looking}
      errorText={texts.failed}
      empty={value.trim().length < SHORTEST ? texts.begin : texts.nothing}
      expandToViewport
    />
  )
}

/** The value once it has stayed the same for a moment. */
function useAfterPause(value: string): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}

/**
 * Ctrl+K or ⌘K goes to the field, but for terminals and editors, which have a meaning of their own for it. A single key would do so by
 * accident for people who speak to their computer.
 */
function useShortcut() {
  const field = useRef<AutosuggestProps.Ref>(null)
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.key !== 'k' || !(event.ctrlKey || event.metaKey) || hasOwnMeaning(event.target)) return
      event.preventDefault()
      field.current?.focus()
    }
    addEventListener('keydown', pressed)
    return () => removeEventListener('keydown', pressed)
  }, [])
  return field
}

function hasOwnMeaning(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('[contenteditable], .xterm') !== null
}

function optionsFor(text: string, groups: readonly Wire<model.SearchHitGroup>[]): AutosuggestProps.Options {
  const pages = areas.filter(({ title }) => title.toLowerCase().startsWith(text.toLowerCase()))
  return [
    ...(pages.length > 0
      ? [{ label: texts.kinds.Page, options: pages.map(({ title, path }) => ({ value: path, label: title })) }]
      : []),
    ...groups.map(({ Kind, Hits, More }) => ({
      label: texts.kinds[Kind],
      options: [
        ...Hits.map(optionFor),
        ...(More && Kind === 'Node' ? [{ value: `/nodes?${new URLSearchParams({ f: text })}`, label: texts.all }] : []),
      ],
    })),
  ]
}

function optionFor({ Kind, Id, Title, Description, Status }: Hit) {
  const labelTag = Kind === 'Node' ? nodeStatusText(Status ?? '') : (Status ?? '')
  return { value: PAGES[Kind](Id), label: Title, description: Description ?? '', labelTag }
}
