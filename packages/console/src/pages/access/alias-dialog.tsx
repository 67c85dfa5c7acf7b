import { CreateAccountAliasCommand, DeleteAccountAliasCommand } from '@aws-sdk/client-iam'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import { useState } from 'react'
import { iam } from '#api/clients/iam.ts'
import { useAct } from '#api/queries.ts'
import { FormDialog } from '#components/form-dialog.tsx'
import { shellWords } from '#components/shell-words.ts'
import { access } from '#texts/access.ts'

const texts = access.overview

/** Gives the account a name that people recognise, or takes it away. */
export function AliasDialog({ alias, onClose }: { alias: string | undefined; onClose: () => void }) {
  const [name, setName] = useState(alias ?? '')
  const save = useAct(['iam'], async () => {
    if (name) await iam().send(new CreateAccountAliasCommand({ AccountAlias: name }))
    else await iam().send(new DeleteAccountAliasCommand({ AccountAlias: alias }))
  })
  return (
    <FormDialog
      title={texts.setAlias}
      act={access.save}
      disabled={name === (alias ?? '')}
      command={
        name
          ? shellWords('aws', 'iam', 'create-account-alias', '--account-alias', name)
          : shellWords('aws', 'iam', 'delete-account-alias', '--account-alias', alias)
      }
      onSubmit={() => save.mutateAsync(undefined)}
      onClose={onClose}
    >
      <FormField label={texts.alias} description={texts.aliasHint}>
        <Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus spellcheck={false} />
      </FormField>
    </FormDialog>
  )
}
