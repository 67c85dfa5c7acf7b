import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Modal from '@cloudscape-design/components/modal'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { type ReactNode, useState } from 'react'
import { common } from '#texts/common.ts'
import { CliCommand } from './cli-command.tsx'
import { Failed } from './failed.tsx'
import { useSubmit } from './use-submit.ts'

export interface ConfirmProps {
  readonly title: string
  /** What will happen, to what. */
  readonly children: ReactNode
  /** The verb, as `Delete`. */
  readonly act: string
  /** The way out, where «Cancel» could mean the act. */
  readonly keep?: string | undefined
  /** A word to type first, for what cannot be undone. */
  readonly word?: string | undefined
  readonly size?: 'medium' | 'large'
  /** What was filled in is not complete. */
  readonly disabled?: boolean
  /** The same from a terminal. */
  readonly command?: string | undefined
  /** Does it; the question closes when it is done and stays, with what went wrong, when it failed. */
  readonly onConfirm: () => Promise<unknown>
  readonly onClose: () => void
}

/** Asks before an act that destroys or that reaches many. */
export function Confirm({ title, children, act, word, size = 'medium', ...props }: ConfirmProps) {
  const { keep, disabled = false, command, onConfirm, onClose } = props
  const [typed, setTyped] = useState('')
  const { busy, error, submit } = useSubmit(onConfirm, onClose)
  return (
    <Modal
      visible
      header={title}
      size={size}
      onDismiss={onClose}
      closeAriaLabel={common.close}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            {command && <CliCommand command={command} />}
            <Button variant="link" onClick={onClose}>
              {keep ?? common.cancel}
            </Button>
            <Button
              variant="primary"
              loading={busy}
              disabled={disabled || (word !== undefined && typed !== word)}
              onClick={() => void submit()}
            >
              {act}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {children}
        {word !== undefined && (
          <FormField label={common.confirm.typed(word)}>
            <Input value={typed} onChange={({ detail }) => setTyped(detail.value)} autoFocus spellcheck={false} />
          </FormField>
        )}
        {error !== undefined && <Failed error={error} />}
      </SpaceBetween>
    </Modal>
  )
}
