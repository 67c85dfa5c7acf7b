import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import { useState } from 'react'
import { useAct } from '#api/queries.ts'
import { signedIn } from '#api/sign-in.ts'
import { steward } from '#api/steward.ts'
import { notify } from '#app/notifications.tsx'
import { FormDialog } from '#components/form-dialog.tsx'
import { shellWords } from '#components/shell-words.ts'
import { expressionOf, type ScheduleForm } from '#pages/associations/form/association-form.ts'
import { ScheduleFields } from '#pages/associations/form/schedule-fields.tsx'
import { evidence } from '#texts/evidence.ts'
import { EVERYTHING, ScopeFields, scopeInput, scopeWords } from './scope-fields.tsx'

const { schedule: texts } = evidence

const MONTHLY: ScheduleForm = {
  schedule: 'cron',
  every: '7',
  unit: 'days',
  cron: '0 6 1 * ? *',
  onlyAtInterval: false,
  offset: '',
}

/** Asks when reports are made, of what, and where they are written besides. */
export function PutSchedule({ onClose }: { onClose: () => void }) {
  const [form, setForm] = useState(MONTHLY)
  const [scope, setScope] = useState(EVERYTHING)
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  const [more, setMore] = useState({ name: '', zone: timeZone, bucket: '', prefix: '' })
  const name = more.name.trim()
  const bucket = more.bucket.trim()
  const prefix = more.prefix.trim()
  const zone = more.zone.trim()
  const expression = expressionOf(form) ?? ''
  const badName = name !== '' && !/^[A-Za-z0-9_.-]{1,128}$/.test(name)
  const badRate = form.schedule === 'rate' && !(Number(form.every) >= (form.unit === 'minutes' ? 60 : 1))
  const field = (key: keyof typeof more, errorText = '') => (
    <FormField label={texts[key]} description={texts[`${key}Hint`]} errorText={errorText}>
      <Input
        value={more[key]}
        spellcheck={false}
        onChange={({ detail }) => setMore((last) => ({ ...last, [key]: detail.value }))}
      />
    </FormField>
  )
  const put = useAct(['evidence'], () =>
    steward('PutEvidenceSchedule', {
      ...{ Name: name, ScheduleExpression: expression, ScheduleTimezone: zone, ...scopeInput(scope) },
      ...(bucket && {
        Destination: { BucketName: bucket, Region: signedIn()?.region ?? '', ...(prefix && { Prefix: prefix }) },
      }),
    }),
  )
  const bucketWords = bucket ? ['--bucket', bucket, ...(prefix ? ['--prefix', prefix] : [])] : []
  return (
    <FormDialog
      title={texts.title}
      act={texts.act}
      size="large"
      disabled={!name || badName || badRate || !zone}
      command={shellWords(
        ...['npx', 'steward', 'compliance', 'evidence', 'schedule', 'put', name, '--expression', expression],
        ...['--timezone', zone, ...scopeWords(scope), ...bucketWords],
      )}
      onSubmit={async () => {
        await put.mutateAsync(undefined)
        notify({ type: 'success', header: texts.done(name) })
      }}
      onClose={onClose}
    >
      {field('name', badName ? texts.nameBad : '')}
      <ScheduleFields
        form={form}
        faults={badRate ? { rate: texts.rateBad } : {}}
        zone={zone}
        onChange={(change) => setForm((last) => ({ ...last, ...change }))}
      />
      {field('zone')}
      <ScopeFields form={scope} onChange={(change) => setScope((last) => ({ ...last, ...change }))} />
      {field('bucket')}
      {bucket && field('prefix')}
    </FormDialog>
  )
}
