import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Modal from '@cloudscape-design/components/modal'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { ReactNode } from 'react'
import { common } from '#texts/common.ts'
import { CliCommand } from './cli-command.tsx'
import { Failed } from './failed.tsx'
import { useSubmit } from './use-submit.ts'

export interface FormDialogProps {
  readonly title: string
  /** The verb, as `Attach`. */
  readonly act: string
  /** The way out, where «Cancel» could mean the act. */
  readonly keep?: string | undefined
  readonly children: ReactNode
  /** The same from a terminal. */
  readonly command?: string | undefined
  /** What was filled in is not complete. */
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
  const { title, act, keep = common.cancel, children, command, disabled = false, size = 'medium' } = props
  const { onSubmit, onClose, onDone = onClose } = props
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
              {keep}
            </Button>
            <Button variant="primary" loading={busy} disabled={disabled} onClick={() => void submit()}>
              {act}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          // A form that the dialog was opened from is not meant.
          event.stopPropagation()
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
