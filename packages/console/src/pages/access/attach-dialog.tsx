import type { Policy } from '@aws-sdk/client-iam'
import { useAct } from '#api/queries.ts'
import { FormDialog } from '#components/form-dialog.tsx'
import { shellWords } from '#components/shell-words.ts'
import { access } from '#texts/access.ts'
import { attach, type Holder } from './holder.ts'
import { PickPolicies, usePicked } from './pick-policies.tsx'

const texts = access.permissions

/** Picks managed policies and attaches them. */
export function AttachDialog({
  holder,
  attached,
  onClose,
}: {
  holder: Holder
  attached: readonly string[]
  onClose: () => void
}) {
  const picked = usePicked<Policy>()
  const attachAll = useAct(['iam'], async () => {
    for (const { Arn } of picked.items) await attach(holder, Arn!)
  })
  const commands = picked.items.map(({ Arn }) =>
    shellWords('aws', 'iam', `attach-${holder.kind}-policy`, `--${holder.kind}-name`, holder.name, '--policy-arn', Arn),
  )
  return (
    <FormDialog
      title={texts.attachTo(holder.name)}
      act={texts.attachCount(picked.items.length)}
      size="large"
      disabled={picked.items.length === 0}
      command={commands.length > 0 ? commands.join('\n') : undefined}
      onSubmit={async () => {
        await attachAll.mutateAsync(undefined)
      }}
      onClose={onClose}
    >
      <PickPolicies picked={picked} without={attached} />
    </FormDialog>
  )
}
