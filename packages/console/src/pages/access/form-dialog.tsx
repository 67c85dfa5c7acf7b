import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Modal from '@cloudscape-design/components/modal'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { ReactNode } from 'react'
import { CliCommand } from '#components/cli-command.tsx'
import { Failed } from '#components/failed.tsx'
import { useSubmit } from '#components/use-submit.ts'
import { common } from '#texts/common.ts'

export interface FormDialogProps {
  readonly title: string
  /** The verb. */
  readonly act: string
  readonly children: ReactNode
  readonly command?: string | undefined
  readonly disabled?: boolean
  readonly size?: 'medium' | 'large'
  /** When it failed the dialog stays, with what went wrong. */
  readonly onSubmit: () => Promise<unknown>
  /** Default: closes. */
  readonly onDone?: () => void
  readonly onClose: () => void
}

/** Asks for a few things and does something with them; Enter in a field does it. */
export function FormDialog(props: FormDialogProps) {
  const { title, act, children, command, disabled, size = 'medium', onSubmit, onClose, onDone = onClose } = props
  const { busy, error, submit } = useSubmit(onSubmit, onDone)
  return (
    <Modal
      visible
      size={size}
      header={title}
      onDismiss={onClose}
      closeAriaLabel={common.close}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            {command && <CliCommand command={command} />}
            <Button variant="link" onClick={onClose}>
              {common.cancel}
            </Button>
            <Button variant="primary" loading={busy} disabled={disabled ?? false} onClick={() => void submit()}>
              {act}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (!disabled) void submit()
        }}
      >
        <SpaceBetween size="m">
          {children}
          {error !== undefined && <Failed error={error} />}
        </SpaceBetween>
        {/* Enter submits a form only if there is something to press. */}
        <button type="submit" hidden />
      </form>
    </Modal>
  )
}
