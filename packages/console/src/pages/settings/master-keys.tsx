import Button from '@cloudscape-design/components/button'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import type { MasterKey } from '@steward/model/generated/steward.ts'
import { useState } from 'react'
import { useAct, useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import { instant, type Wire } from '#api/wire.ts'
import { notify } from '#app/notifications.tsx'
import { Confirm } from '#components/confirm.tsx'
import { Empty } from '#components/empty.tsx'
import type { Column } from '#components/table/column.ts'
import { ListPanel } from '#components/table/list-panel.tsx'
import { Time } from '#components/time.tsx'
import { settings } from '#texts/settings.ts'

const { keys: texts } = settings

type Key = Wire<MasterKey>

/** The keys under which secrets rest, and a new one. */
export function MasterKeys() {
  const read = useRead('server', ['master-keys'], async (signal) => {
    const { MasterKeys: keys = [] } = await steward('ListMasterKeys', {}, signal)
    return keys
  })
  const rotate = useAct(['server'], () => steward('RotateMasterKey', {}))
  const [asking, setAsking] = useState(false)
  return (
    <>
      <ListPanel
        name="master-keys"
        title={texts.title}
        description={texts.description}
        columns={COLUMNS}
        idOf={({ MasterKeyId = '' }) => MasterKeyId}
        read={read}
        command="npx steward keys list"
        actions={<Button onClick={() => setAsking(true)}>{texts.rotate}</Button>}
        empty={<Empty title={texts.empty} />}
      />
      {asking && (
        <Confirm
          title={texts.rotateTitle}
          act={texts.rotate}
          command="npx steward keys rotate-master"
          onConfirm={async () => {
            const { MasterKeyId = '' } = await rotate.mutateAsync()
            notify({ type: 'success', header: texts.rotated(MasterKeyId) })
          }}
          onClose={() => setAsking(false)}
        >
          {texts.rotateBody}
        </Confirm>
      )}
    </>
  )
}

function stateOf({ Current, Lost }: Key): 'current' | 'lost' | 'former' {
  if (Current) return 'current'
  return Lost ? 'lost' : 'former'
}

const TYPES = { current: 'success', lost: 'error', former: 'stopped' } as const

const COLUMNS: readonly Column<Key>[] = [
  {
    id: 'id',
    header: texts.id,
    cell: ({ MasterKeyId = '' }) => <span className="st-mono">{MasterKeyId}</span>,
    text: ({ MasterKeyId = '' }) => MasterKeyId,
    rowHeader: true,
    width: 240,
  },
  {
    id: 'state',
    header: texts.state,
    cell: (key) => <StatusIndicator type={TYPES[stateOf(key)]}>{texts[stateOf(key)]}</StatusIndicator>,
    text: (key) => texts[stateOf(key)],
    width: 130,
  },
  {
    id: 'sealed',
    header: texts.sealed,
    cell: ({ SealedValues = 0 }) => SealedValues.toLocaleString('en'),
    text: ({ SealedValues = 0 }) => String(SealedValues),
    sort: ({ SealedValues = 0 }) => SealedValues,
    number: true,
    width: 200,
  },
  {
    id: 'created',
    header: texts.created,
    cell: ({ CreatedDate }) => <Time at={instant(CreatedDate)} />,
    text: ({ CreatedDate }) => instant(CreatedDate)?.toISOString() ?? '',
    width: 310,
  },
]
