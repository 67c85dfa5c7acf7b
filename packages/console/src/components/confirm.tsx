import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import { useState } from 'react'
import { common } from '#texts/common.ts'
import { FormDialog, type FormDialogProps } from './form-dialog.tsx'

export interface ConfirmProps extends Omit<FormDialogProps, 'onSubmit' | 'onDone'> {
  /** A word to type first, for what cannot be undone. */
  readonly word?: string | undefined
  /** Does it; the question closes when it is done and stays, with what went wrong, when it failed. */
  readonly onConfirm: () => Promise<unknown>
}

/** Asks before an act that destroys or that reaches many; its children say what will happen, to what. */
export function Confirm({ word, disabled = false, children, onConfirm, ...dialog }: ConfirmProps) {
  const [typed, setTyped] = useState('')
  return (
    <FormDialog {...dialog} disabled={disabled || (word !== undefined && typed !== word)} onSubmit={onConfirm}>
      {children}
      {word !== undefined && (
        <FormField label={common.confirm.typed(word)}>
          <Input value={typed} onChange={({ detail }) => setTyped(detail.value)} autoFocus spellcheck={false} />
        </FormField>
      )}
    </FormDialog>
  )
}
