import {
  LabelParameterVersionCommand,
  type ParameterHistory,
  UnlabelParameterVersionCommand,
} from '@aws-sdk/client-ssm'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import TokenGroup from '@cloudscape-design/components/token-group'
import { useState } from 'react'
import { ssm } from '#api/clients/ssm.ts'
import { useAct } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { Confirm } from '#components/confirm.tsx'
import { shellWords } from '#components/shell-words.ts'
import { parameters as texts } from '#texts/parameters.ts'
import { labelFault } from './rules.ts'

const PER_VERSION = 10

export interface LabelVersionProps {
  readonly name: string
  readonly version: ParameterHistory
  readonly versions: readonly ParameterHistory[]
  readonly onClose: () => void
}

interface Change {
  readonly added: string[]
  readonly removed: string[]
}

/** The labels of one version: added, taken away, or moved here from another. */
export function LabelVersion({ name, version: { Version = 0, Labels = [] }, versions, onClose }: LabelVersionProps) {
  const [labels, setLabels] = useState<readonly string[]>(Labels)
  const [typed, setTyped] = useState('')
  const change: Change = {
    added: labels.filter((label) => !Labels.includes(label)),
    removed: Labels.filter((label) => !labels.includes(label)),
  }
  const fault = typed === '' ? undefined : labelFault(typed)
  const holder = (label: string) => versions.find((one) => one.Version !== Version && one.Labels?.includes(label))
  const moved = change.added.flatMap((label) => holder(label) ?? []).length > 0
  const act = useAct(['parameters'], () => relabel(name, Version, change))
  const full = labels.length >= PER_VERSION
  function add() {
    if (typed === '' || fault || full) return
    setLabels([...labels.filter((label) => label !== typed), typed])
    setTyped('')
  }
  return (
    <Confirm
      title={texts.labels.title(Version)}
      act={texts.labels.save}
      disabled={change.added.length + change.removed.length === 0 || typed !== ''}
      command={labelCommand(name, Version, change)}
      onConfirm={async () => {
        await act.mutateAsync(undefined)
        notify({ type: 'success', header: texts.labels.saved })
      }}
      onClose={onClose}
    >
      <Box>{texts.labels.hint}</Box>
      <FormField label={texts.labels.add} constraintText={texts.labels.constraint} errorText={fault}>
        <SpaceBetween direction="horizontal" size="xs">
          <Input
            value={typed}
            onChange={({ detail }) => setTyped(detail.value)}
            onKeyDown={(event) => {
              if (event.detail.key !== 'Enter') return
              // It is no answer to the whole dialog.
              event.preventDefault()
              add()
            }}
            spellcheck={false}
            autoFocus
          />
          <Button formAction="none" disabled={typed === '' || fault !== undefined || full} onClick={add}>
            {texts.labels.addThis}
          </Button>
        </SpaceBetween>
      </FormField>
      <TokenGroup
        items={labels.map((label) => {
          const from = Labels.includes(label) ? undefined : holder(label)
          return {
            label,
            dismissLabel: texts.labels.remove(label),
            ...(from && { description: texts.labels.moves(from.Version ?? 0) }),
          }
        })}
        onDismiss={({ detail }) => setLabels(labels.filter((_, index) => index !== detail.itemIndex))}
      />
      {moved && <Box color="text-body-secondary">{texts.labels.movesHint}</Box>}
    </Confirm>
  )
}

async function relabel(Name: string, ParameterVersion: number, { added, removed }: Change): Promise<void> {
  const version = { Name, ParameterVersion }
  if (removed.length > 0) await ssm().send(new UnlabelParameterVersionCommand({ ...version, Labels: removed }))
  if (added.length > 0) await ssm().send(new LabelParameterVersionCommand({ ...version, Labels: added }))
}

function labelCommand(name: string, version: number, { added, removed }: Change): string | undefined {
  const call = (operation: string, labels: readonly string[]) =>
    labels.length === 0
      ? []
      : [shellWords('aws', 'ssm', operation, '--name', name, '--parameter-version', version, '--labels', ...labels)]
  const calls = [...call('unlabel-parameter-version', removed), ...call('label-parameter-version', added)]
  return calls.length > 0 ? calls.join('\n') : undefined
}
