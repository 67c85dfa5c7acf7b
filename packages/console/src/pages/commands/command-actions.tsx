import { CancelCommandCommand, type Command, SendCommandCommand } from '@aws-sdk/client-ssm'
import Button from '@cloudscape-design/components/button'
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { ssm } from '#api/clients/ssm.ts'
import { useAct } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { ButtonLink } from '#components/button-link.tsx'
import { CliCommand } from '#components/cli-command.tsx'
import { Confirm } from '#components/confirm.tsx'
import { shellWords } from '#components/shell-words.ts'
import { commands } from '#texts/commands.ts'
import { common } from '#texts/common.ts'
import { Preview } from './run/preview.tsx'
import { sameAgain, sendCommandText } from './send-command.ts'
import { isOpen } from './use-command.ts'

const words = commands.command

/** What can be done with a command. */
export function CommandActions({ command }: { command: Command }) {
  const [asked, setAsked] = useState<'cancel' | 'rerun'>()
  const id = command.CommandId!
  return (
    <>
      <SpaceBetween direction="horizontal" size="xs">
        <CliCommand command={shellWords('aws', 'ssm', 'list-command-invocations', '--command-id', id, '--details')} />
        <CopyToClipboard
          copyButtonText={words.share}
          copySuccessText={words.shared}
          copyErrorText={common.failed.other}
          textToCopy={`${location.origin}/console/commands/${id}`}
        />
        <ButtonLink to={`/commands/run?copy=${id}`}>{words.copy}</ButtonLink>
        <Button onClick={() => setAsked('rerun')}>{words.rerun}</Button>
        {isOpen(command) && (
          <Button onClick={() => setAsked('cancel')} disabled={command.Status === 'Cancelling'}>
            {words.cancel}
          </Button>
        )}
      </SpaceBetween>
      {asked === 'cancel' && <Cancel command={command} onClose={() => setAsked(undefined)} />}
      {asked === 'rerun' && <Rerun command={command} onClose={() => setAsked(undefined)} />}
    </>
  )
}

function Cancel({ command, onClose }: { command: Command; onClose: () => void }) {
  const { CommandId = '', TargetCount = 0, CompletedCount = 0 } = command
  const cancel = useAct(['commands', 'invocations'], () => ssm().send(new CancelCommandCommand({ CommandId })))
  return (
    <Confirm
      title={words.cancelTitle}
      act={words.cancel}
      keep={words.keep}
      command={shellWords('aws', 'ssm', 'cancel-command', '--command-id', CommandId)}
      onConfirm={async () => {
        await cancel.mutateAsync(undefined)
        notify({ type: 'info', header: words.cancelled })
      }}
      onClose={onClose}
    >
      {words.cancelBody(TargetCount - CompletedCount)}
    </Confirm>
  )
}

function Rerun({ command, onClose }: { command: Command; onClose: () => void }) {
  const [, navigate] = useLocation()
  const request = sameAgain(command)
  const send = useAct(['commands'], () => ssm().send(new SendCommandCommand(request)))
  return (
    <Confirm
      title={words.rerunTitle}
      act={words.rerun}
      command={sendCommandText(request)}
      onConfirm={async () => {
        const sent = await send.mutateAsync(undefined)
        notify({ type: 'success', header: words.rerunDone })
        navigate(`/commands/${sent.Command?.CommandId}`)
      }}
      onClose={onClose}
    >
      <SpaceBetween size="m">
        {request.Targets && <span>{words.rerunTags}</span>}
        <Preview
          of={{
            InstanceIds: request.InstanceIds,
            Targets: request.Targets,
            DocumentName: request.DocumentName,
            DocumentVersion: request.DocumentVersion,
          }}
        />
      </SpaceBetween>
    </Confirm>
  )
}
