import Alert from '@cloudscape-design/components/alert'
import { useAct, useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import { useBulkWork } from '#app/bulk-work.tsx'
import { notify } from '#app/notifications.tsx'
import { Confirm } from '#components/confirm.tsx'
import { Loaded } from '#components/loaded.tsx'
import { nodes as words } from '#texts/nodes.ts'
import { deregister } from './bulk-acts.ts'
import { nameOf } from './node-columns.tsx'
import { commandForEach, type Reach } from './reach.ts'

const { deregister: texts } = words

export interface DeregisterProps {
  readonly reach: Reach
  readonly onClose: () => void
  readonly onGone?: () => void
}

/** Asks, with a preview of what it reaches, then deregisters. */
export function Deregister({ reach, onClose, onGone }: DeregisterProps) {
  const { nodes, found } = reach
  const ids = nodes.map(({ InstanceId = '' }) => InstanceId)
  const preview = useRead('nodes', ['may-deregister', ids], (signal) => previewOf(ids, signal))
  const act = useAct(['nodes'], (id: string) => deregister.act(id, undefined))
  const doAll = useBulkWork()
  const refused = preview.data?.refused ?? []
  return (
    <Confirm
      title={texts.title(nodes.length)}
      act={texts.act}
      word={found ? texts.wordAll(nodes.length) : texts.word}
      disabled={preview.isPending || refused.length > 0}
      command={commandForEach(reach, 'aws', 'ssm', 'deregister-managed-instance', '--instance-id')}
      onClose={onClose}
      onConfirm={async () => {
        const [only] = ids
        if (ids.length > 1 || only === undefined) {
          doAll({ act: 'deregister-nodes', items: ids })
          return
        }
        await act.mutateAsync(only)
        notify({ type: 'success', header: texts.done(1) })
        onGone?.()
      }}
    >
      <div>{texts.body(nodes.length)}</div>
      <div className="st-mono">{listed(nodes.map(nameOf))}</div>
      <Loaded read={preview}>
        {({ online }) =>
          refused.length > 0 ? (
            <Alert type="error" header={texts.refused(refused.length)}>
              {refused[0]?.Reason}
            </Alert>
          ) : (
            <div>{texts.online(online, nodes.length)}</div>
          )
        }
      </Loaded>
    </Confirm>
  )
}

const ASKED_AT_ONCE = 500

/** How many are online, and on which the caller may not do it. */
async function previewOf(ids: readonly string[], signal: AbortSignal) {
  let online = 0
  const refused: { Reason?: string | undefined }[] = []
  for (let first = 0; first < ids.length; first += ASKED_AT_ONCE) {
    const InstanceIds = ids.slice(first, first + ASKED_AT_ONCE)
    const input = { InstanceIds, Action: 'ssm:DeregisterManagedInstance', MaxResults: ASKED_AT_ONCE }
    const { OnlineCount, Nodes } = await steward('PreviewTargets', input, signal)
    online += OnlineCount
    refused.push(...Nodes.filter(({ Allowed }) => !Allowed))
  }
  return { online, refused }
}

const NAMED = 5

function listed(names: readonly string[]): string {
  const more = names.length - NAMED
  return names.slice(0, NAMED).join(', ') + (more > 0 ? ` +${more}` : '')
}
