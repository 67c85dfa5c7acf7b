import { PutResourcePolicyCommand } from '@aws-sdk/client-ssm'
import Box from '@cloudscape-design/components/box'
import { useState } from 'react'
import { ssm } from '#api/clients/ssm.ts'
import { useAct } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { Editor } from '#components/editor/editor.tsx'
import { FormDialog } from '#components/form-dialog.tsx'
import { shellWords } from '#components/shell-words.ts'
import { parameters } from '#texts/parameters.ts'
import type { SharingPolicy } from './sharing.ts'

const { sharing: texts } = parameters

interface ChangeSharingProps {
  readonly arn: string
  readonly policy: SharingPolicy
  readonly onClose: () => void
}

/** A resource policy as JSON, to be changed; whoever changed it meanwhile is not overruled. */
export function ChangeSharing({ arn, policy: { PolicyId, PolicyHash, Policy = '' }, onClose }: ChangeSharingProps) {
  const [text, setText] = useState(() => JSON.stringify(JSON.parse(Policy), null, 2))
  const change = { ResourceArn: arn, PolicyId, PolicyHash, Policy: text }
  const act = useAct(['parameters'], () => ssm().send(new PutResourcePolicyCommand(change)))
  return (
    <FormDialog
      title={texts.changeTitle}
      act={texts.save}
      size="large"
      command={shellWords(
        ...['aws', 'ssm', 'put-resource-policy', '--resource-arn', arn],
        ...['--policy-id', PolicyId, '--policy-hash', PolicyHash, '--policy', text],
      )}
      onSubmit={async () => {
        await act.mutateAsync(undefined)
        notify({ type: 'success', header: texts.saved })
      }}
      onClose={onClose}
    >
      <Box>{texts.changeHint}</Box>
      <Editor value={text} onChange={setText} language="json" label={texts.changeTitle} />
    </FormDialog>
  )
}
