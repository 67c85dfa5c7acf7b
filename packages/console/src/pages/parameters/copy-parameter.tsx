import {
  DeleteParameterCommand,
  LabelParameterVersionCommand,
  ListTagsForResourceCommand,
  type ParameterMetadata,
  PutParameterCommand,
} from '@aws-sdk/client-ssm'
import Box from '@cloudscape-design/components/box'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { ssm } from '#api/clients/ssm.ts'
import { useAct } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { Confirm } from '#components/confirm.tsx'
import { useSsmTags } from '#components/ssm-tags.tsx'
import { parameters as texts } from '#texts/parameters.ts'
import { copyCommand, copyOf } from './copy-command.ts'
import { parameterPage } from './paths.ts'
import { revealed, useHistory } from './read-parameter.ts'
import { nameFault } from './rules.ts'

export interface CopyParameterProps {
  readonly parameter: ParameterMetadata
  /** The one under the old name is deleted when the copy is there. */
  readonly isMove: boolean
  readonly onClose: () => void
}

/** A parameter under another name. Its value is read and written by the browser, without being shown. */
export function CopyParameter({ parameter, isMove, onClose }: CopyParameterProps) {
  const { Name = '', Version } = parameter
  const [to, setTo] = useState(Name)
  const [, navigate] = useLocation()
  const history = useHistory(Name)
  const labels = history.data?.find((version) => version.Version === Version)?.Labels ?? []
  const tags = useSsmTags({ kind: 'parameters', type: 'Parameter', id: Name }).data ?? []
  const act = useAct(['parameters'], async () => {
    await copy(parameter, to, labels)
    if (isMove) await ssm().send(new DeleteParameterCommand({ Name }))
  })
  const words = isMove ? texts.renaming : texts.copying
  const fault = to === Name ? undefined : nameFault(to)
  return (
    <Confirm
      title={words.title(Name)}
      act={words.act}
      disabled={to === Name || fault !== undefined}
      command={copyCommand(Name, copyOf(parameter, to, tags.map(asTag)), labels, isMove)}
      onConfirm={async () => {
        await act.mutateAsync(undefined)
        notify({ type: 'success', header: words.done(to) })
        navigate(parameterPage(to))
      }}
      onClose={onClose}
    >
      <Box>{words.body}</Box>
      <FormField label={texts.copying.to} errorText={fault}>
        <Input value={to} onChange={({ detail }) => setTo(detail.value)} spellcheck={false} autoFocus />
      </FormField>
    </Confirm>
  )
}

function asTag({ key, value }: { key: string; value: string }) {
  return { Key: key, Value: value }
}

async function copy(from: ParameterMetadata, to: string, labels: readonly string[]): Promise<void> {
  const { Name = '' } = from
  const { TagList = [] } = await ssm().send(
    new ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId: Name }),
  )
  const Value = await revealed(Name)
  await ssm().send(new PutParameterCommand({ ...copyOf(from, to, TagList), Value }))
  if (labels.length > 0) await ssm().send(new LabelParameterVersionCommand({ Name: to, Labels: [...labels] }))
}
