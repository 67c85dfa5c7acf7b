import {
  type AssociationDescription,
  CreateAssociationCommand,
  type CreateAssociationRequest,
  UpdateAssociationCommand,
} from '@aws-sdk/client-ssm'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Checkbox from '@cloudscape-design/components/checkbox'
import Container from '@cloudscape-design/components/container'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import Form from '@cloudscape-design/components/form'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { useLocation, useSearchParams } from 'wouter'
import { ssm } from '#api/clients/ssm.ts'
import { useAct } from '#api/queries.ts'
import type { Params } from '#app/area.ts'
import { notify } from '#app/notifications.tsx'
import { CliCommand } from '#components/cli-command.tsx'
import { Failed } from '#components/failed.tsx'
import { Loaded } from '#components/loaded.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { associations } from '#texts/associations.ts'
import { commands } from '#texts/commands.ts'
import { common } from '#texts/common.ts'
import { DocumentField } from '../../commands/run/document-field.tsx'
import { OutputPlace } from '../../commands/run/option-fields.tsx'
import type { Declaration } from '../../commands/run/parameter-rules.ts'
import { ParametersPanel } from '../../commands/run/parameters-panel.tsx'
import { Preview, usePreview } from '../../commands/run/preview.tsx'
import { RateFields } from '../../commands/run/rate-fields.tsx'
import { hasTargets, type RunForm } from '../../commands/run/run-form.ts'
import { TargetFields } from '../../commands/run/target-fields.tsx'
import { useDocument } from '../../commands/run/use-document.ts'
import { useSettled } from '../../commands/run/use-settled.ts'
import { ABOVE } from '../association-page.tsx'
import { nameOf, useAssociation } from '../read.ts'
import {
  type AssociationForm,
  commandText,
  faultsOf,
  formOf,
  newForm,
  requestOf,
  targetsOf,
  updateOf,
} from './association-form.ts'
import { ScheduleFields } from './schedule-fields.tsx'

const { form: texts } = associations
const { form: words } = commands

export function CreatePage(_props: { params: Params }) {
  const [search] = useSearchParams()
  return (
    <PageFrame title={texts.createTitle} above={ABOVE} contentType="form">
      <Filled initial={newForm(search)} former={undefined} />
    </PageFrame>
  )
}

export function EditPage({ params: { id = '' } }: { params: Params }) {
  const read = useAssociation(id)
  const name = read.data ? nameOf(read.data) : id
  return (
    <PageFrame
      title={texts.editTitle(name)}
      above={[...ABOVE, { text: name, to: `/associations/${id}` }]}
      contentType="form"
    >
      <Loaded read={read}>{(found) => <Filled key={id} initial={formOf(found)} former={found} />}</Loaded>
    </PageFrame>
  )
}

const NO_DECLARATIONS: readonly Declaration[] = []

/** `former`: what is changed; undefined: it is new. */
function Filled({ initial, former }: { initial: AssociationForm; former: AssociationDescription | undefined }) {
  const [form, setForm] = useState(initial)
  const [tried, setTried] = useState(false)
  const [, navigate] = useLocation()
  const change = (part: Partial<AssociationForm>) => setForm((last) => ({ ...last, ...part }))
  const changeRun = (part: Partial<RunForm>) => setForm((last) => ({ ...last, run: { ...last.run, ...part } }))

  const document = useDocument(form.run.document, form.run.version)
  const declarations = document.data?.declarations ?? NO_DECLARATIONS
  const hasAny = hasTargets(form.run)
  const of = useSettled({
    ...targetsOf(form),
    DocumentName: form.run.document || undefined,
    DocumentVersion: form.run.version,
  })
  const preview = usePreview(of, hasAny)
  const faults = tried ? faultsOf(form, declarations) : {}
  const request = requestOf(form, declarations)
  const save = useAct(['associations'], (input: CreateAssociationRequest) => saved(former, input))
  const name = form.name || form.run.document
  const back = former ? `/associations/${former.AssociationId}` : '/associations'

  async function submit() {
    setTried(true)
    if (Object.keys(faultsOf(form, declarations)).length > 0) return
    const id = await save.mutateAsync(request)
    notify({ type: 'success', header: former ? texts.saved(name) : texts.created(name) })
    navigate(`/associations/${id}`)
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        // What goes wrong is in `save.error`.
        submit().catch(() => {})
      }}
    >
      <Form
        errorText={Object.keys(faults).length > 0 ? texts.faults.some(Object.keys(faults).length) : undefined}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <CliCommand
              command={
                former
                  ? commandText('update-association', updateOf(former.AssociationId!, request))
                  : commandText('create-association', request)
              }
            />
            <Button variant="link" formAction="none" onClick={() => navigate(back)}>
              {common.cancel}
            </Button>
            <Button variant="primary" loading={save.isPending} disabled={document.isLoading}>
              {former ? texts.save : associations.create}
            </Button>
          </SpaceBetween>
        }
      >
        <SpaceBetween size="l">
          <Container header={<Header variant="h2">{texts.what}</Header>}>
            <SpaceBetween size="l">
              <FormField label={texts.name} constraintText={texts.nameHint} errorText={faults.name}>
                <Input value={form.name} spellcheck={false} onChange={({ detail }) => change({ name: detail.value })} />
              </FormField>
              <DocumentField form={form.run} document={document.data} error={faults.document} onChange={changeRun} />
            </SpaceBetween>
          </Container>
          {form.run.document && (
            <ParametersPanel form={form.run} document={document} faults={faults} onChange={changeRun} />
          )}
          <Container header={<Header variant="h2">{words.targets}</Header>}>
            <SpaceBetween size="l">
              <TargetFields form={form.run} error={faults.targets} onChange={changeRun} every={null} />
              <div>
                <Box variant="awsui-key-label">{words.preview.title}</Box>
                <Preview of={of} enabled={hasAny} />
              </div>
            </SpaceBetween>
          </Container>
          <Container header={<Header variant="h2">{texts.schedule}</Header>}>
            <ScheduleFields form={form} faults={faults} onChange={change} />
          </Container>
          <Container header={<Header variant="h2">{texts.compliance}</Header>}>
            <ComplianceFields form={form} onChange={change} />
          </Container>
          <Container header={<Header variant="h2">{texts.rateControl}</Header>}>
            <RateFields
              form={form.run}
              matched={hasAny ? preview.data?.MatchedCount : undefined}
              faults={faults}
              onChange={changeRun}
            />
          </Container>
          <ExpandableSection variant="container" headerText={texts.output} defaultExpanded={form.run.bucket !== ''}>
            <OutputPlace form={form.run} onChange={changeRun} />
          </ExpandableSection>
          {save.error && <Failed error={save.error} />}
        </SpaceBetween>
      </Form>
    </form>
  )
}

/** Resolves with the association's id. */
async function saved(former: AssociationDescription | undefined, input: CreateAssociationRequest): Promise<string> {
  if (former) {
    await ssm().send(new UpdateAssociationCommand(updateOf(former.AssociationId!, input)))
    return former.AssociationId!
  }
  const answer = await ssm().send(new CreateAssociationCommand(input))
  return answer.AssociationDescription!.AssociationId!
}

function ComplianceFields({
  form,
  onChange,
}: {
  form: AssociationForm
  onChange: (part: Partial<AssociationForm>) => void
}) {
  const options = (Object.keys(texts.severities) as AssociationForm['severity'][]).map((value) => ({
    value,
    label: texts.severities[value],
  }))
  return (
    <SpaceBetween size="m">
      <FormField label={texts.severity}>
        <Select
          selectedOption={options.find(({ value }) => value === form.severity) ?? null}
          options={options}
          expandToViewport
          onChange={({ detail }) => onChange({ severity: detail.selectedOption.value as AssociationForm['severity'] })}
        />
      </FormField>
      <Checkbox
        checked={form.manual}
        description={texts.manualHint}
        onChange={({ detail }) => onChange({ manual: detail.checked })}
      >
        {texts.manual}
      </Checkbox>
    </SpaceBetween>
  )
}
