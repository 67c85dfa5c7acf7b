import Box from '@cloudscape-design/components/box'
import FormField from '@cloudscape-design/components/form-field'
import RadioGroup from '@cloudscape-design/components/radio-group'
import Textarea from '@cloudscape-design/components/textarea'
import { useState } from 'react'
import { useAct } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import { notify } from '#app/notifications.tsx'
import { Copyable } from '#components/copyable.tsx'
import { FormDialog } from '#components/form-dialog.tsx'
import { shellWords } from '#components/shell-words.ts'
import { evidence } from '#texts/evidence.ts'
import type { SignOff } from './read-evidence.ts'

const { signing: texts } = evidence

interface Props {
  readonly reportId: string
  readonly digest: string
  readonly onClose: () => void
}

/** Asks what the person thinks of the content that has this digest. */
export function SignReport({ reportId, digest, onClose }: Props) {
  const [statement, setStatement] = useState<SignOff['Statement']>()
  const [comment, setComment] = useState('')
  const Comment = comment.trim()
  const sign = useAct(['evidence'], () =>
    steward('SignEvidenceReport', {
      ...{ ReportId: reportId, Statement: statement!, Digest: digest },
      ...(Comment && { Comment }),
    }),
  )
  return (
    <FormDialog
      title={texts.title}
      act={texts.act}
      disabled={statement === undefined}
      command={shellWords(
        ...['npx', 'steward', 'compliance', 'evidence', 'sign', reportId],
        ...[statement === 'Rejected' ? '--reject' : '--accept', '--digest', digest],
        ...(Comment ? ['--comment', Comment] : []),
      )}
      onSubmit={async () => {
        await sign.mutateAsync(undefined)
        notify({ type: 'success', header: texts.done })
      }}
      onClose={onClose}
    >
      <FormField label={texts.statement}>
        <RadioGroup
          value={statement ?? null}
          items={(['Accepted', 'Rejected'] as const).map((value) => ({ value, label: texts.statements[value] }))}
          onChange={({ detail }) => setStatement(detail.value as SignOff['Statement'])}
        />
      </FormField>
      <FormField label={texts.comment} description={texts.commentHint}>
        <Textarea value={comment} rows={3} onChange={({ detail }) => setComment(detail.value)} />
      </FormField>
      <Box color="text-body-secondary">{texts.what}</Box>
      <Copyable text={digest} />
    </FormDialog>
  )
}
