import ButtonDropdown from '@cloudscape-design/components/button-dropdown'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { nodes } from '#texts/nodes.ts'
import { AddTags, RemoveTags } from './bulk-tags.tsx'
import { Deregister } from './deregister.tsx'
import { runOnTags } from './node-groups.tsx'
import type { FleetNode } from './nodes-query.ts'

const { act: texts } = nodes

interface NodeActsProps {
  readonly nodes: readonly FleetNode[]
  /** What the list is narrowed to by tags alone: it can be reached as a whole while nothing is chosen. */
  readonly whole?: { readonly tags: readonly string[]; readonly count: number } | undefined
  readonly onGone?: () => void
  /** What is done on the nodes themselves has buttons elsewhere. */
  readonly withoutReach?: boolean
}

/** What can be done with some nodes at once. */
export function NodeActs({ nodes: chosen, whole, onGone, withoutReach = false }: NodeActsProps) {
  const [, navigate] = useLocation()
  const [doing, setDoing] = useState<{ act: string; to: readonly FleetNode[] }>()
  const ids = chosen.map(({ InstanceId = '' }) => InstanceId)
  const close = () => setDoing(undefined)
  function start(act: string) {
    if (act === 'run-all') navigate(runOnTags(whole?.tags ?? []))
    else if (act === 'run') navigate(`/commands/run?${new URLSearchParams({ nodes: ids.join(',') })}`)
    else if (act === 'session') navigate(`/sessions/shell?${new URLSearchParams({ node: ids[0] ?? '' })}`)
    else setDoing({ act, to: chosen })
  }
  return (
    <>
      <ButtonDropdown
        disabled={chosen.length === 0 && !whole}
        onItemClick={({ detail }) => start(detail.id)}
        items={
          chosen.length === 0 && whole
            ? [{ id: 'run-all', text: texts.runAll(whole.count) }]
            : itemsFor(chosen, withoutReach)
        }
        expandToViewport
      >
        {nodes.actions}
      </ButtonDropdown>
      {doing?.act === 'tag' && <AddTags to={doing.to} onClose={close} />}
      {doing?.act === 'untag' && <RemoveTags from={doing.to} onClose={close} />}
      {doing?.act === 'deregister' && <Deregister nodes={doing.to} onClose={close} {...(onGone && { onGone })} />}
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
