import { CreateResourceDataSyncCommand, type ResourceDataSyncS3Destination } from '@aws-sdk/client-ssm'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import { useState } from 'react'
import { ssm } from '#api/clients/ssm.ts'
import { useAct } from '#api/queries.ts'
import { signedIn } from '#api/sign-in.ts'
import { notify } from '#app/notifications.tsx'
import { FormDialog } from '#components/form-dialog.tsx'
import { shellWords } from '#components/shell-words.ts'
import { dataSyncs } from '#texts/data-syncs.ts'

const { form: texts } = dataSyncs

/** Asks for a name and a bucket, and begins to write there. */
export function CreateSync({ onClose }: { onClose: () => void }) {
  const [form, setForm] = useState({ name: '', bucket: '', prefix: '', region: signedIn()?.region ?? '', key: '' })
  const field = (name: keyof typeof form, hint: string) => (
    <FormField label={texts[name]} description={hint}>
      <Input
        value={form[name]}
        onChange={({ detail }) => setForm((last) => ({ ...last, [name]: detail.value }))}
        spellcheck={false}
      />
    </FormField>
  )
  const destination: ResourceDataSyncS3Destination = {
    BucketName: form.bucket.trim(),
    SyncFormat: 'JsonSerDe',
    Region: form.region.trim(),
    ...(form.prefix.trim() && { Prefix: form.prefix.trim() }),
    ...(form.key.trim() && { AWSKMSKeyARN: form.key.trim() }),
  }
  const create = useAct(['resource-data-syncs'], () =>
    ssm().send(new CreateResourceDataSyncCommand({ SyncName: form.name.trim(), S3Destination: destination })),
  )
  return (
    <FormDialog
      title={dataSyncs.create}
      act={dataSyncs.create}
      disabled={!form.name.trim() || !destination.BucketName || !destination.Region}
      command={shellWords(
        ...['aws', 'ssm', 'create-resource-data-sync', '--sync-name', form.name.trim()],
        ...['--s3-destination', JSON.stringify(destination)],
      )}
      onSubmit={async () => {
        await create.mutateAsync(undefined)
        notify({ type: 'success', header: dataSyncs.created(form.name.trim()) })
      }}
      onClose={onClose}
    >
      {field('name', texts.nameHint)}
      {field('bucket', texts.bucketHint)}
      {field('prefix', texts.prefixHint)}
      {field('region', texts.regionHint)}
      {field('key', texts.keyHint)}
    </FormDialog>
  )
}
