import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { ListTopicsCommand } from '@aws-sdk/client-sns'
import { ListDocumentsCommand } from '@aws-sdk/client-ssm'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { logs } from '#api/clients/logs.ts'
import { sns } from '#api/clients/sns.ts'
import { ssm } from '#api/clients/ssm.ts'
import { useRead } from '#api/queries.ts'
import { signedIn } from '#api/sign-in.ts'
import { events } from '#texts/events.ts'
import { useDestinations } from './destinations.tsx'
import { MOST_TARGETS, newTarget, type TargetDraft } from './rule-draft.ts'
import { WebhookForm } from './webhook-form.tsx'
import { type TargetKind, targetName } from './words.ts'

const { form: texts } = events

interface TargetsFormProps {
  readonly targets: readonly TargetDraft[]
  readonly onChange: (targets: readonly TargetDraft[]) => void
  /** Ids of those that cannot be saved as they are. */
  readonly faulty: ReadonlySet<string>
}

export function TargetsForm({ targets, onChange, faulty }: TargetsFormProps) {
  const replace = (changed: TargetDraft) => onChange(targets.map((one) => (one.id === changed.id ? changed : one)))
  return (
    <Container
      header={
        <Header variant="h2" description={texts.targetsHint}>
          {texts.targets}
        </Header>
      }
    >
      <SpaceBetween size="l">
        {targets.map((target, index) => (
          <SpaceBetween key={target.id} size="s">
            <SpaceBetween direction="horizontal" size="s" alignItems="center">
              <Box variant="h3">{texts.target(index + 1)}</Box>
              <Button
                variant="inline-link"
                formAction="none"
                ariaLabel={`${texts.removeTarget} ${texts.target(index + 1)}`}
                onClick={() => onChange(targets.filter(({ id }) => id !== target.id))}
              >
                {texts.removeTarget}
              </Button>
            </SpaceBetween>
            <OneTarget target={target} onChange={replace} isFaulty={faulty.has(target.id)} />
          </SpaceBetween>
        ))}
        <Button
          formAction="none"
          iconName="add-plus"
          disabled={targets.length >= MOST_TARGETS}
          onClick={() => onChange([...targets, newTarget(targets)])}
        >
          {texts.addTarget}
        </Button>
      </SpaceBetween>
    </Container>
  )
}

interface OneTargetProps {
  readonly target: TargetDraft
  readonly onChange: (target: TargetDraft) => void
  readonly isFaulty: boolean
}

const KINDS: readonly TargetKind[] = ['webhook', 'topic', 'logs', 'document', 'other']

function OneTarget({ target, onChange, isFaulty }: OneTargetProps) {
  return (
    <ColumnLayout columns={2}>
      <FormField label={texts.kind}>
        <Select
          selectedOption={{ value: target.kind, label: events.kinds[target.kind] }}
          options={KINDS.map((value) => ({ value, label: events.kinds[value] }))}
          onChange={({ detail }) => onChange({ ...target, kind: detail.selectedOption.value as TargetKind, arn: '' })}
        />
      </FormField>
      <Where target={target} onChange={onChange} isFaulty={isFaulty} />
      {target.kind === 'document' && <RunOn target={target} onChange={onChange} />}
    </ColumnLayout>
  )
}

const LABELS = {
  webhook: texts.webhook,
  topic: texts.topic,
  logs: texts.group,
  document: texts.document,
  other: texts.other,
}

function Where({ target, onChange, isFaulty }: OneTargetProps) {
  const { kind, arn } = target
  const read = useChoices(kind)
  const [making, setMaking] = useState(false)
  const setArn = (next: string) => onChange({ ...target, arn: next })
  return (
    <FormField
      label={LABELS[kind]}
      errorText={isFaulty && texts.missing}
      secondaryControl={
        kind === 'webhook' && (
          <Button formAction="none" onClick={() => setMaking(true)}>
            {texts.newWebhook}
          </Button>
        )
      }
    >
      {kind === 'other' ? (
        <Input value={arn} onChange={({ detail }) => setArn(detail.value)} spellcheck={false} />
      ) : (
        <Select
          selectedOption={arn ? { value: arn, label: targetName(arn) } : null}
          placeholder={texts.choose}
          empty={texts.noneYet}
          statusType={read.isError ? 'error' : read.isPending ? 'loading' : 'finished'}
          errorText={read.error?.message}
          filteringType="auto"
          options={(read.data ?? []).map((value) => ({ value, label: targetName(value) }))}
          onChange={({ detail }) => setArn(detail.selectedOption.value ?? '')}
        />
      )}
      {making && (
        <WebhookForm
          onClose={(made) => {
            setMaking(false)
            if (made) setArn(made)
          }}
        />
      )}
    </FormField>
  )
}

/** ARNs of what there is of a kind. */
function useChoices(kind: TargetKind) {
  const webhooks = useDestinations(kind === 'webhook')
  const others = useRead(
    kind === 'document' ? 'documents' : 'topics',
    ['arns', kind],
    async (signal) => {
      const options = { abortSignal: signal }
      if (kind === 'topic')
        return ((await sns().send(new ListTopicsCommand({}), options)).Topics ?? []).flatMap(
          ({ TopicArn }) => TopicArn ?? [],
        )
      if (kind === 'logs')
        return ((await logs().send(new DescribeLogGroupsCommand({}), options)).logGroups ?? []).flatMap(
          ({ arn }) => arn ?? [],
        )
      const Filters = [{ Key: 'DocumentType', Values: ['Command'] }]
      const { DocumentIdentifiers = [] } = await ssm().send(
        new ListDocumentsCommand({ Filters, MaxResults: 50 }),
        options,
      )
      return DocumentIdentifiers.flatMap(({ Name, Owner }) => (Name ? documentArn(Name, Owner) : []))
    },
    { enabled: kind === 'topic' || kind === 'logs' || kind === 'document', keepLast: false },
  )
  if (kind !== 'webhook') return others
  const arns = webhooks.data?.flatMap(({ ApiDestinationArn }) => ApiDestinationArn ?? [])
  return { ...webhooks, data: arns }
}

function documentArn(name: string, owner: string | undefined): string {
  const { region = '', account = '' } = signedIn() ?? {}
  return name.startsWith('arn:') ? name : `arn:aws:ssm:${region}:${owner === 'Amazon' ? '' : account}:document/${name}`
}

function RunOn({ target, onChange }: Pick<OneTargetProps, 'target' | 'onChange'>) {
  const field = (label: string, hint: string, member: 'key' | 'values' | 'role') => (
    <FormField label={label} description={hint}>
      <Input
        value={target[member]}
        spellcheck={false}
        onChange={({ detail }) => onChange({ ...target, [member]: detail.value })}
      />
    </FormField>
  )
  return (
    <>
      {field(texts.key, texts.keyHint, 'key')}
      {field(texts.values, texts.valuesHint, 'values')}
      {field(texts.role, texts.roleHint, 'role')}
    </>
  )
}
