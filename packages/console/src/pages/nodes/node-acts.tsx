import ButtonDropdown from '@cloudscape-design/components/button-dropdown'
import { lazy, Suspense, useState } from 'react'
import { useLocation } from 'wouter'
import { notify } from '#app/notifications.tsx'
import { Failed } from '#components/failed.tsx'
import { nodes } from '#texts/nodes.ts'
import { runOnTags } from './node-groups.tsx'
import type { FleetNode, SearchInput } from './nodes-query.ts'
import type { Reach } from './reach.ts'
import { allNodes } from './use-nodes.ts'

const { act: texts } = nodes

const AddTags = lazy(async () => ({ default: (await import('./bulk-tags.tsx')).AddTags }))
const RemoveTags = lazy(async () => ({ default: (await import('./bulk-tags.tsx')).RemoveTags }))
const Deregister = lazy(async () => ({ default: (await import('./deregister.tsx')).Deregister }))

interface NodeActsProps {
  readonly nodes: readonly FleetNode[]
  /** What the list is narrowed to: it can be reached as a whole while nothing is chosen. */
  readonly whole?: Whole | undefined
  readonly onGone?: () => void
  /** What is done on the nodes themselves has buttons elsewhere. */
  readonly withoutReach?: boolean
}

export interface Whole {
  readonly found: SearchInput
  readonly count: number
  /** If it is narrowed by nothing but tags: a command can be given those. */
  readonly tags: readonly string[] | undefined
}

/** What can be done with some nodes at once. */
export function NodeActs({ nodes: chosen, whole, onGone, withoutReach = false }: NodeActsProps) {
  const [, navigate] = useLocation()
  const [doing, setDoing] = useState<{ act: string; to: Reach }>()
  const ids = chosen.map(({ InstanceId = '' }) => InstanceId)
  const close = () => setDoing(undefined)
  function start(act: string) {
    if (act === 'run-all') navigate(runOnTags(whole?.tags ?? []))
    else if (act === 'run') navigate(`/commands/run?${new URLSearchParams({ nodes: ids.join(',') })}`)
    else if (act === 'session') navigate(`/sessions/shell?${new URLSearchParams({ node: ids[0] ?? '' })}`)
    else if (chosen.length > 0) setDoing({ act, to: { nodes: chosen } })
    else if (whole)
      void readAll(whole.found).then((nodes) => nodes && setDoing({ act, to: { nodes, found: whole.found } }))
  }
  return (
    <>
      <ButtonDropdown
        disabled={chosen.length === 0 && !whole?.count}
        onItemClick={({ detail }) => start(detail.id)}
        items={chosen.length === 0 && whole ? itemsForAll(whole) : itemsFor(chosen, withoutReach)}
        expandToViewport
      >
        {nodes.actions}
      </ButtonDropdown>
      <Suspense>
        {doing?.act === 'tag' && <AddTags reach={doing.to} onClose={close} />}
        {doing?.act === 'untag' && <RemoveTags reach={doing.to} onClose={close} />}
        {doing?.act === 'deregister' && <Deregister reach={doing.to} onClose={close} {...(onGone && { onGone })} />}
      </Suspense>
    </>
  )
}

function itemsFor(chosen: readonly FleetNode[], withoutReach: boolean) {
  const reach = [
    { id: 'run', text: texts.run },
    { id: 'session', text: texts.session, disabled: chosen.length !== 1 },
  ]
  return [
    ...(withoutReach ? [] : reach),
    { id: 'tag', text: texts.tags },
    { id: 'untag', text: texts.untag },
    { id: 'deregister', text: texts.deregister },
  ]
}

function itemsForAll({ count, tags }: Whole) {
  return [
    ...(tags ? [{ id: 'run-all', text: texts.runAll(count) }] : []),
    { id: 'tag', text: texts.tagsAll(count) },
    { id: 'untag', text: texts.untagAll(count) },
    { id: 'deregister', text: texts.deregisterAll(count) },
  ]
}

/** All nodes that match as of now, on all pages; undefined if they could not be read, which is told. */
async function readAll(found: SearchInput): Promise<readonly FleetNode[] | undefined> {
  const dismiss = notify({ type: 'in-progress', header: nodes.readingAll })
  try {
    return await allNodes(found)
  } catch (error) {
    notify({ type: 'error', header: nodes.title, content: <Failed error={error} /> })
    return undefined
  } finally {
    dismiss()
  }
}
