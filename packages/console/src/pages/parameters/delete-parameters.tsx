import { DeleteParametersCommand } from '@aws-sdk/client-ssm'
import Box from '@cloudscape-design/components/box'
import { ssm } from '#api/clients/ssm.ts'
import { useAct } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { Confirm } from '#components/confirm.tsx'
import { shellWords } from '#components/shell-words.ts'
import { parameters as texts } from '#texts/parameters.ts'

/** As many as one call deletes. */
const AT_ONCE = 10
const SHOWN = 12

/** Asks, then deletes. */
export function DeleteParameters({
  names,
  onClose,
  onDone,
}: {
  names: readonly string[]
  onClose: () => void
  onDone?: () => void
}) {
  const act = useAct(['parameters'], deleteAll)
  const many = names.length > 1
  return (
    <Confirm
      title={texts.deleting.title(names.length)}
      act={texts.delete}
      word={many ? 'delete' : undefined}
      command={callsOf(names)
        .map((some) => shellWords('aws', 'ssm', 'delete-parameters', '--names', ...some))
        .join('\n')}
      onConfirm={async () => {
        await act.mutateAsync(names)
        notify({ type: 'success', header: texts.deleting.done(names.length) })
        onDone?.()
      }}
      onClose={onClose}
    >
      <Box>{texts.deleting.body(names.length)}</Box>
      <ul className="st-mono">
        {names.slice(0, SHOWN).map((name) => (
          <li key={name}>{name}</li>
        ))}
      </ul>
      {names.length > SHOWN && <Box color="text-body-secondary">{texts.deleting.more(names.length - SHOWN)}</Box>}
    </Confirm>
  )
}

function callsOf(names: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(names.length / AT_ONCE) }, (_, call) =>
    names.slice(call * AT_ONCE, (call + 1) * AT_ONCE),
  )
}

async function deleteAll(names: readonly string[]): Promise<void> {
  for (const Names of callsOf(names)) await ssm().send(new DeleteParametersCommand({ Names }))
}
