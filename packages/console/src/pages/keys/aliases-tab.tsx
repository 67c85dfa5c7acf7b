import { CreateAliasCommand, DeleteAliasCommand } from '@aws-sdk/client-kms'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import { useState } from 'react'
import { kms } from '#api/clients/kms.ts'
import { useAct } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { Confirm } from '#components/confirm.tsx'
import { Empty } from '#components/empty.tsx'
import { shellWords } from '#components/shell-words.ts'
import type { Column } from '#components/table/column.ts'
import { ListPanel } from '#components/table/list-panel.tsx'
import { useSelection } from '#components/table/resource-table.tsx'
import { keys as texts } from '#texts/keys.ts'
import { aliasFault } from './alias.ts'
import { useAliasesOf } from './read-keys.ts'

const idOf = (alias: string) => alias

const columns: readonly Column<string>[] = [
  { id: 'alias', header: texts.columns.alias, cell: idOf, text: idOf, rowHeader: true },
]

/** The names of a key. */
export function AliasesTab({ keyId, canChange }: { keyId: string; canChange: boolean }) {
  const read = useAliasesOf(keyId)
  const selection = useSelection(read.data, idOf)
  const [asking, setAsking] = useState<'create' | 'delete'>()
  const close = () => setAsking(undefined)
  return (
    <>
      <ListPanel
        name="key-aliases"
        title={texts.aliases.title}
        description={texts.aliases.hint}
        columns={columns}
        idOf={idOf}
        read={read}
        command={shellWords('aws', 'kms', 'list-aliases', '--key-id', keyId)}
        empty={<Empty title={texts.aliases.none} />}
        {...(canChange && {
          selection,
          actions: (
            <>
              <Button disabled={selection.selected.length === 0} onClick={() => setAsking('delete')}>
                {texts.aliases.delete}
              </Button>
              <Button onClick={() => setAsking('create')}>{texts.aliases.create}</Button>
            </>
          ),
        })}
      />
      {asking === 'create' && <Create keyId={keyId} onClose={close} />}
      {asking === 'delete' && <Delete aliases={selection.selected} onClose={close} />}
    </>
  )
}

function Create({ keyId, onClose }: { keyId: string; onClose: () => void }) {
  const [name, setName] = useState('')
  const alias = `alias/${name}`
  const act = useAct(['keys'], () => kms().send(new CreateAliasCommand({ AliasName: alias, TargetKeyId: keyId })))
  const fault = name === '' ? undefined : aliasFault(name)
  return (
    <Confirm
      title={texts.aliases.create}
      act={texts.aliases.create}
      disabled={name === '' || fault !== undefined}
      command={shellWords('aws', 'kms', 'create-alias', '--alias-name', alias, '--target-key-id', keyId)}
      onConfirm={async () => {
        await act.mutateAsync(undefined)
        notify({ type: 'success', header: texts.aliases.created(alias) })
      }}
      onClose={onClose}
    >
      <FormField label={texts.columns.alias} constraintText={texts.aliases.constraint} errorText={fault}>
        <Input value={name} onChange={({ detail }) => setName(detail.value)} spellcheck={false} autoFocus />
      </FormField>
    </Confirm>
  )
}

function Delete({ aliases, onClose }: { aliases: readonly string[]; onClose: () => void }) {
  const act = useAct(['keys'], async () => {
    for (const AliasName of aliases) await kms().send(new DeleteAliasCommand({ AliasName }))
  })
  return (
    <Confirm
      title={texts.aliases.deleteTitle}
      act={texts.aliases.delete}
      command={aliases.map((alias) => shellWords('aws', 'kms', 'delete-alias', '--alias-name', alias)).join('\n')}
      onConfirm={() => act.mutateAsync(undefined)}
      onClose={onClose}
    >
      <Box>{texts.aliases.deleteBody}</Box>
      <ul className="st-mono">
        {aliases.map((alias) => (
          <li key={alias}>{alias}</li>
        ))}
      </ul>
    </Confirm>
  )
}
