import { TerminateSessionCommand } from '@aws-sdk/client-ssm'
import Box from '@cloudscape-design/components/box'
import { ssm } from '#api/clients/ssm.ts'
import { useAct } from '#api/queries.ts'
import { Confirm } from '#components/confirm.tsx'
import { shellWords } from '#components/shell-words.ts'
import { sessionTexts } from '#texts/sessions.ts'

const texts = sessionTexts.terminate

export interface TerminateSessionProps {
  readonly sessions: readonly { readonly id: string; readonly node: string }[]
  readonly onClose: () => void
}

/** Asks before sessions, and all that runs in them, are ended. */
export function TerminateSession({ sessions, onClose }: TerminateSessionProps) {
  const end = useAct(['sessions'], async (id: string) => ssm().send(new TerminateSessionCommand({ SessionId: id })))
  return (
    <Confirm
      title={texts.title(sessions.length)}
      act={texts.act}
      command={sessions.map(({ id }) => shellWords('aws', 'ssm', 'terminate-session', '--session-id', id)).join('\n')}
      onConfirm={() => Promise.all(sessions.map(({ id }) => end.mutateAsync(id)))}
      onClose={onClose}
    >
      <Box>{texts.hint}</Box>
      <ul className="st-session-list">
        {sessions.map(({ id, node }) => (
          <li key={id}>
            {node} <span className="st-mono">{id}</span>
          </li>
        ))}
      </ul>
    </Confirm>
  )
}
