import { TerminateSessionCommand } from '@aws-sdk/client-ssm'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Modal from '@cloudscape-design/components/modal'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { ssm } from '#api/clients/ssm.ts'
import { useAct } from '#api/queries.ts'
import { CliCommand } from '#components/cli-command.tsx'
import { Failed } from '#components/failed.tsx'
import { shellWords } from '#components/shell-words.ts'
import { common } from '#texts/common.ts'
import { sessionTexts } from '#texts/sessions.ts'
import type { Shell } from './shell.ts'
import { closeShell } from './shells.ts'

const texts = sessionTexts.shellPage

/** Asks what becomes of a shell whose tab is closed. */
export function LeaveShell({ shell, onClose }: { shell: Shell; onClose: () => void }) {
  const [error, setError] = useState<unknown>()
  const end = useAct(['sessions'], async (SessionId: string) => ssm().send(new TerminateSessionCommand({ SessionId })))
  const leave = () => {
    closeShell(shell)
    onClose()
  }
  return (
    <Modal
      visible
      header={texts.leaveTitle}
      closeAriaLabel={common.close}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <CliCommand
              command={shellWords('aws', 'ssm', 'terminate-session', '--session-id', shell.identity.sessionId)}
            />
            <Button variant="link" onClick={onClose}>
              {common.cancel}
            </Button>
            <Button onClick={leave}>{texts.leave}</Button>
            <Button
              variant="primary"
              loading={end.isPending}
              onClick={() => void end.mutateAsync(shell.identity.sessionId).then(leave, setError)}
            >
              {texts.end}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Box>{texts.leaveHint}</Box>
        {error !== undefined && <Failed error={error} />}
      </SpaceBetween>
    </Modal>
  )
}
