import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Form from '@cloudscape-design/components/form'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import RadioGroup from '@cloudscape-design/components/radio-group'
import SpaceBetween from '@cloudscape-design/components/space-between'
import TagEditor from '@cloudscape-design/components/tag-editor'
import Tiles from '@cloudscape-design/components/tiles'
import { type FormEvent, useState } from 'react'
import { CliCommand } from '#components/cli-command.tsx'
import { Failed } from '#components/failed.tsx'
import { common } from '#texts/common.ts'
import { parameters as texts } from '#texts/parameters.ts'
import { KeyField } from './key-field.tsx'
import { type Draft, faultsOf, isComplete, type ParameterType, type Tier } from './parameter-draft.ts'
import { PatternField } from './pattern-field.tsx'
import { PoliciesField } from './policies-field.tsx'
import { ValueField } from './value-field.tsx'

const { form } = texts

export interface ParameterFormProps {
  readonly draft: Draft
  readonly onChange: (draft: Draft) => void
  readonly isNew: boolean
  readonly mustStayAdvanced?: boolean
  readonly submit: string
  readonly command: string
  readonly busy: boolean
  readonly error: unknown
  readonly onSubmit: () => Promise<void>
  readonly onCancel: () => void
}

export function ParameterForm(props: ParameterFormProps) {
  const { draft, busy, error, command, onCancel } = props
  const [tried, setTried] = useState(false)
  const faults = tried ? faultsOf(draft) : {}
  function submit(event: FormEvent) {
    event.preventDefault()
    setTried(true)
    // What went wrong is shown below the form.
    if (isComplete(draft)) props.onSubmit().catch(() => {})
  }
  return (
    <form onSubmit={submit} noValidate autoComplete="off">
      <Form
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <CliCommand command={command} />
            <Button formAction="none" variant="link" onClick={onCancel}>
              {common.cancel}
            </Button>
            <Button variant="primary" loading={busy}>
              {props.submit}
            </Button>
          </SpaceBetween>
        }
      >
        <SpaceBetween size="l">
          <Naming {...props} fault={faults.name} />
          <Content {...props} fault={faults.value} patternFault={faults.pattern} />
          <Storing {...props} />
          {props.isNew && <Tagging {...props} />}
          {error !== null && error !== undefined && <Failed error={error} />}
        </SpaceBetween>
      </Form>
    </form>
  )
}

type PartProps = ParameterFormProps & { readonly fault?: string | undefined }

function Naming({ draft, onChange, isNew, fault }: PartProps) {
  return (
    <Container header={<Header>{isNew ? form.naming : form.about}</Header>}>
      <SpaceBetween size="l">
        {isNew && (
          <FormField label={texts.columns.name} constraintText={form.nameHint} errorText={fault}>
            <Input
              value={draft.name}
              onChange={({ detail }) => onChange({ ...draft, name: detail.value })}
              spellcheck={false}
              autoComplete={false}
              autoFocus
            />
          </FormField>
        )}
        <FormField label={<Optional>{texts.columns.description}</Optional>}>
          <Input
            value={draft.description}
            onChange={({ detail }) => onChange({ ...draft, description: detail.value })}
          />
        </FormField>
      </SpaceBetween>
    </Container>
  )
}

function Content(props: PartProps & { readonly patternFault: string | undefined }) {
  const { draft, onChange, fault } = props
  return (
    <Container header={<Header>{form.content}</Header>}>
      <SpaceBetween size="l">
        <FormField label={texts.columns.type} stretch>
          <Tiles
            value={draft.type}
            columns={3}
            items={(['String', 'StringList', 'SecureString'] as const).map((value) => ({
              value,
              label: value,
              description: form.types[value],
            }))}
            onChange={({ detail }) => onChange({ ...draft, type: detail.value as ParameterType })}
          />
        </FormField>
        {draft.type === 'SecureString' && (
          <KeyField value={draft.keyId} onChange={(keyId) => onChange({ ...draft, keyId })} />
        )}
        <ValueField draft={draft} fault={fault} onChange={(value) => onChange({ ...draft, value })} />
        <PatternField
          draft={draft}
          fault={props.patternFault}
          onChange={(pattern) => onChange({ ...draft, pattern })}
        />
        <FormField label={texts.columns.dataType}>
          <RadioGroup
            value={draft.dataType}
            items={Object.entries(form.dataTypes).map(([value, description]) => ({ value, label: value, description }))}
            onChange={({ detail }) => onChange({ ...draft, dataType: detail.value })}
          />
        </FormField>
      </SpaceBetween>
    </Container>
  )
}

function Storing({ draft, onChange, mustStayAdvanced = false }: PartProps) {
  const tiers: readonly Tier[] = ['Standard', 'Advanced', 'Intelligent-Tiering']
  return (
    <Container header={<Header>{form.storing}</Header>}>
      <SpaceBetween size="l">
        <FormField label={texts.columns.tier} stretch {...(mustStayAdvanced && { constraintText: form.stayAdvanced })}>
          <Tiles
            value={draft.tier}
            columns={3}
            items={tiers.map((value) => ({
              value,
              label: value,
              description: form.tiers[value],
              disabled: mustStayAdvanced && value === 'Standard',
            }))}
            onChange={({ detail }) => onChange({ ...draft, tier: detail.value as Tier })}
          />
        </FormField>
        {draft.tier === 'Standard' ? (
          <Box color="text-body-secondary">{form.policiesNeedAdvanced}</Box>
        ) : (
          <PoliciesField text={draft.policies} onChange={(policies) => onChange({ ...draft, policies })} />
        )}
      </SpaceBetween>
    </Container>
  )
}

function Tagging({ draft, onChange }: PartProps) {
  return (
    <Container header={<Header>{texts.tags}</Header>}>
      <TagEditor
        tags={draft.tags.map((tag) => ({ ...tag, existing: false }))}
        onChange={({ detail }) => onChange({ ...draft, tags: detail.tags.map(({ key, value }) => ({ key, value })) })}
      />
    </Container>
  )
}

function Optional({ children }: { children: string }) {
  return (
    <>
      {children} <i>{form.optional}</i>
    </>
  )
}
