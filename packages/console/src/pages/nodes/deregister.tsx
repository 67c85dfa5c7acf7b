import { DeregisterManagedInstanceCommand } from '@aws-sdk/client-ssm'
import Alert from '@cloudscape-design/components/alert'
import { ssm } from '#api/clients/ssm.ts'
import { useAct, useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import { notify } from '#app/notifications.tsx'
import { Confirm } from '#components/confirm.tsx'
import { Loaded } from '#components/loaded.tsx'
import { shellWords } from '#components/shell-words.ts'
import { nodes as words } from '#texts/nodes.ts'
import { nameOf } from './node-columns.tsx'
import type { FleetNode } from './nodes-query.ts'

const { deregister: texts } = words

export interface DeregisterProps {
  readonly nodes: readonly FleetNode[]
  readonly onClose: () => void
  readonly onGone?: () => void
}

/** Asks, with a preview of what it reaches, then deregisters one node after the other. */
export function Deregister({ nodes, onClose, onGone }: DeregisterProps) {
  const ids = nodes.map(({ InstanceId = '' }) => InstanceId)
  const input = { InstanceIds: ids, Action: 'ssm:DeregisterManagedInstance', MaxResults: 500 }
  const preview = useRead('nodes', ['preview', input], (signal) => steward('PreviewTargets', input, signal))
  const act = useAct(['nodes'], async () => {
    for (const InstanceId of ids) await ssm().send(new DeregisterManagedInstanceCommand({ InstanceId }))
  })
  const refused = preview.data?.Nodes?.filter(({ Allowed }) => !Allowed) ?? []
  return (
    <Confirm
      title={texts.title(nodes.length)}
      act={texts.act}
      word={texts.word}
      disabled={refused.length > 0}
      command={ids.map((id) => shellWords('aws', 'ssm', 'deregister-managed-instance', '--instance-id', id)).join('\n')}
      onClose={onClose}
      onConfirm={async () => {
        await act.mutateAsync(undefined)
        notify({ type: 'success', header: texts.done(nodes.length) })
        onGone?.()
      }}
    >
      <div>{texts.body(nodes.length)}</div>
      <div className="st-mono">{listed(nodes.map(nameOf))}</div>
      <Loaded read={preview}>
        {({ OnlineCount = 0 }) =>
          refused.length > 0 ? (
            <Alert type="error" header={texts.refused(refused.length)}>
              {refused[0]?.Reason}
            </Alert>
          ) : (
            <div>{texts.online(OnlineCount, nodes.length)}</div>
          )
        }
      </Loaded>
    </Confirm>
  )
}

const NAMED = 5

function listed(names: readonly string[]): string {
  const more = names.length - NAMED
  return names.slice(0, NAMED).join(', ') + (more > 0 ? ` +${more}` : '')
}
