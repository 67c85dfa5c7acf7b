import {
  CreateResourceDataSyncCommand,
  type ResourceDataSyncItem,
  UpdateResourceDataSyncCommand,
} from '@aws-sdk/client-ssm'
import Checkbox from '@cloudscape-design/components/checkbox'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import { useState } from 'react'
import { ssm } from '#api/clients/ssm.ts'
import { useAct } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { FormDialog } from '#components/form-dialog.tsx'
import { shellWords } from '#components/shell-words.ts'
import { dataSyncs } from '#texts/data-syncs.ts'
import { FROM_SOURCE } from './read-syncs.ts'

const { gathering: texts, form } = dataSyncs

interface GatheringSyncProps {
  /** Undefined: a new one. */
  readonly sync?: ResourceDataSyncItem
  readonly onClose: () => void
}

/** Asks which Regions are looked at together. */
export function GatheringSync({ sync, onClose }: GatheringSyncProps) {
  const [name, setName] = useState(sync?.SyncName ?? '')
  const [regions, setRegions] = useState((sync?.SyncSource?.SourceRegions ?? []).join(', '))
  const [future, setFuture] = useState(sync?.SyncSource?.IncludeFutureRegions ?? false)
  const SourceRegions = regions.split(/[\s,]+/).filter(Boolean)
  const SyncName = name.trim()
  const input = {
    SyncName,
    SyncType: FROM_SOURCE,
    SyncSource: { SourceType: 'SingleAccountMultiRegions', SourceRegions, IncludeFutureRegions: future },
  }
  const save = useAct(['resource-data-syncs'], async () => {
    if (sync) await ssm().send(new UpdateResourceDataSyncCommand(input))
    else await ssm().send(new CreateResourceDataSyncCommand(input))
  })
  const title = sync ? texts.edit(SyncName) : texts.create
  return (
    <FormDialog
      title={title}
      act={sync ? texts.save : texts.create}
      disabled={!SyncName || (SourceRegions.length === 0 && !future)}
      command={shellWords(
        ...['aws', 'ssm', sync ? 'update-resource-data-sync' : 'create-resource-data-sync', '--sync-name', SyncName],
        ...['--sync-type', FROM_SOURCE, '--sync-source', JSON.stringify(input.SyncSource)],
      )}
      onSubmit={async () => {
        await save.mutateAsync(undefined)
        notify({ type: 'success', header: texts.done(SyncName) })
      }}
      onClose={onClose}
    >
      <FormField label={form.name} description={form.nameHint}>
        <Input value={name} disabled={!!sync} onChange={({ detail }) => setName(detail.value)} spellcheck={false} />
      </FormField>
      <FormField label={texts.regions} description={texts.regionsHint}>
        <Input value={regions} onChange={({ detail }) => setRegions(detail.value)} spellcheck={false} />
      </FormField>
      <Checkbox checked={future} description={texts.futureHint} onChange={({ detail }) => setFuture(detail.checked)}>
        {texts.future}
      </Checkbox>
    </FormDialog>
  )
}
