import { type GrantListEntry, RetireGrantCommand, RevokeGrantCommand } from '@aws-sdk/client-kms'
import Box from '@cloudscape-design/components/box'
import { kms } from '#api/clients/kms.ts'
import { useAct } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { Confirm } from '#components/confirm.tsx'
import { shellWords } from '#components/shell-words.ts'
import { keys } from '#texts/keys.ts'

export type End = 'retire' | 'revoke'

interface EndGrantsProps {
  readonly end: End
  readonly grants: readonly GrantListEntry[]
  readonly onClose: () => void
}

/** Ends grants: revoked by whoever manages the key, retired by those whom they name. */
export function EndGrants({ end, grants, onClose }: EndGrantsProps) {
  const texts = keys.grants.ends[end]
  const act = useAct(['keys'], async () => {
    for (const { KeyId, GrantId } of grants) {
      if (end === 'revoke') await kms().send(new RevokeGrantCommand({ KeyId, GrantId }))
      else await kms().send(new RetireGrantCommand({ KeyId, GrantId }))
    }
  })
  return (
    <Confirm
      title={texts.title(grants.length)}
      act={texts.act}
      command={grants
        .map(({ KeyId, GrantId }) => shellWords('aws', 'kms', `${end}-grant`, '--key-id', KeyId, '--grant-id', GrantId))
        .join('\n')}
      onConfirm={async () => {
        await act.mutateAsync(undefined)
        notify({ type: 'success', header: texts.done(grants.length) })
      }}
      onClose={onClose}
    >
      <Box>{texts.body}</Box>
      <ul className="st-mono">
        {grants.map(({ GrantId, GranteePrincipal }) => (
          <li key={GrantId}>{GranteePrincipal}</li>
        ))}
      </ul>
    </Confirm>
  )
}
