import Select from '@cloudscape-design/components/select'
import { useState } from 'react'
import { useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import { sessionTexts } from '#texts/sessions.ts'
import { nodeName } from './node-name.ts'

const texts = sessionTexts.startForm
const CHOICES = 50

export interface PickedNode {
  readonly id: string
  readonly name: string
}

/** One node of the fleet, found by whatever is known of it. */
export function NodeSelect({ node, onPick }: { node: PickedNode | undefined; onPick: (node: PickedNode) => void }) {
  const [query, setQuery] = useState('')
  const found = useRead('nodes', ['pick', query], (signal) =>
    steward('SearchNodes', { MaxResults: CHOICES, ...(query && { Query: query }) }, signal),
  )
  const options = found.data?.Nodes.map((one) => {
    const online = one.PingStatus === 'Online'
    const name = nodeName(one)
    return {
      value: one.InstanceId,
      label: name,
      disabled: !online,
      labelTag: online ? texts.online : texts.offline,
      tags: [name === one.InstanceId ? '' : one.InstanceId, one.IPAddress ?? '', one.PlatformName ?? ''].filter(
        Boolean,
      ),
    }
  })
  return (
    <Select
      selectedOption={node ? { value: node.id, label: node.name } : null}
      options={options ?? []}
      filteringType="manual"
      filteringAriaLabel={texts.findNode}
      filteringPlaceholder={texts.findNode}
      placeholder={texts.findNode}
      statusType={found.isError ? 'error' : found.isPending ? 'loading' : 'finished'}
      errorText={found.error?.message}
      empty={texts.noNodes}
      expandToViewport
      onLoadItems={({ detail }) => setQuery(detail.filteringText)}
      onChange={({ detail: { selectedOption } }) =>
        onPick({ id: selectedOption.value!, name: selectedOption.label ?? selectedOption.value! })
      }
    />
  )
}
