import { DeleteInventoryCommand, type InventorySchemaDeleteOption } from '@aws-sdk/client-ssm'
import FormField from '@cloudscape-design/components/form-field'
import RadioGroup from '@cloudscape-design/components/radio-group'
import { useState } from 'react'
import { ssm } from '#api/clients/ssm.ts'
import { useAct, useRead } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { Confirm } from '#components/confirm.tsx'
import { Loaded } from '#components/loaded.tsx'
import { shellWords } from '#components/shell-words.ts'
import { inventory } from '#texts/inventory.ts'

const { remove: texts } = inventory

interface DeleteTypeProps {
  readonly type: string
  readonly onDone?: () => void
  readonly onClose: () => void
}

/** Asks before what was reported of a custom type is deleted: a dry run says how much that is. */
export function DeleteType({ type, onDone, onClose }: DeleteTypeProps) {
  const [option, setOption] = useState<InventorySchemaDeleteOption>('DeleteSchema')
  const input = { TypeName: type, SchemaDeleteOption: option }
  const preview = useRead('inventory', ['delete-preview', type], async (abortSignal) => {
    const answer = await ssm().send(new DeleteInventoryCommand({ ...input, DryRun: true }), { abortSignal })
    return answer.DeletionSummary ?? {}
  })
  const remove = useAct(['inventory'], () => ssm().send(new DeleteInventoryCommand(input)))
  return (
    <Confirm
      title={texts.title(type)}
      act={texts.act}
      word={type}
      disabled={!preview.data}
      command={shellWords('aws', 'ssm', 'delete-inventory', '--type-name', type, '--schema-delete-option', option)}
      onConfirm={async () => {
        await remove.mutateAsync(undefined)
        notify({ type: 'success', header: texts.done(type) })
        onDone?.()
      }}
      onClose={onClose}
    >
      <Loaded read={preview}>
        {({ TotalCount = 0, SummaryItems = [] }) => (
          <div>
            {TotalCount === 0
              ? texts.nothing
              : texts.what(
                  TotalCount,
                  SummaryItems.map(({ Version = '', Count = 0 }) => texts.version(Version, Count)).join(', '),
                )}
          </div>
        )}
      </Loaded>
      <FormField label={texts.afterwards}>
        <RadioGroup
          value={option}
          onChange={({ detail }) => setOption(detail.value as InventorySchemaDeleteOption)}
          items={[
            { value: 'DeleteSchema', label: texts.delete, description: texts.deleteHint },
            { value: 'DisableSchema', label: texts.disable, description: texts.disableHint },
          ]}
        />
      </FormField>
    </Confirm>
  )
}
