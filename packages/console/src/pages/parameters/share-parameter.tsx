import { type ParameterMetadata, PutResourcePolicyCommand } from '@aws-sdk/client-ssm'
import Alert from '@cloudscape-design/components/alert'
import FormField from '@cloudscape-design/components/form-field'
import RadioGroup from '@cloudscape-design/components/radio-group'
import Textarea from '@cloudscape-design/components/textarea'
import { useState } from 'react'
import { ssm } from '#api/clients/ssm.ts'
import { useAct } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { FormDialog } from '#components/form-dialog.tsx'
import { shellWords } from '#components/shell-words.ts'
import { parameters } from '#texts/parameters.ts'
import { isPrincipal, type MAY, sharingPolicy } from './sharing.ts'

const { sharing: texts } = parameters

/** Asks with whom to share a parameter, and does it by a resource policy. */
export function ShareParameter({ parameter, onClose }: { parameter: ParameterMetadata; onClose: () => void }) {
  const { Name = '', ARN = '', Type } = parameter
  const [typed, setTyped] = useState('')
  const [left, setLeft] = useState(false)
  const [may, setMay] = useState<keyof typeof MAY>('read')
  const principals = typed.split(/[\s,;]+/).filter((word) => word !== '')
  const wrong = principals.find((word) => !isPrincipal(word))
  const Policy = sharingPolicy(ARN, principals, may)
  const act = useAct(['parameters'], () => ssm().send(new PutResourcePolicyCommand({ ResourceArn: ARN, Policy })))
  return (
    <FormDialog
      title={texts.shareTitle(Name)}
      act={texts.share}
      disabled={principals.length === 0 || wrong !== undefined}
      command={shellWords('aws', 'ssm', 'put-resource-policy', '--resource-arn', ARN, '--policy', Policy)}
      onSubmit={async () => {
        await act.mutateAsync(undefined)
        notify({ type: 'success', header: texts.shared(Name) })
      }}
      onClose={onClose}
    >
      <FormField
        label={texts.with}
        description={texts.withHint}
        errorText={left && wrong !== undefined && texts.wrong(wrong)}
        stretch
      >
        <Textarea
          value={typed}
          rows={2}
          spellcheck={false}
          autoFocus
          onChange={({ detail }) => setTyped(detail.value)}
          onBlur={() => setLeft(true)}
        />
      </FormField>
      <FormField label={texts.columns.may}>
        <RadioGroup
          value={may}
          items={[
            { value: 'read', ...texts.may.read },
            { value: 'history', ...texts.may.history },
          ]}
          onChange={({ detail }) => setMay(detail.value as keyof typeof MAY)}
        />
      </FormField>
      {Type === 'SecureString' && <Alert type="info">{texts.encrypted}</Alert>}
    </FormDialog>
  )
}
