import { type Command, SendCommandCommand, type SendCommandRequest } from '@aws-sdk/client-ssm'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import Form from '@cloudscape-design/components/form'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useEffect, useState } from 'react'
import { useLocation, useSearchParams } from 'wouter'
import { ssm } from '#api/clients/ssm.ts'
import { useAct } from '#api/queries.ts'
import type { Params } from '#app/area.ts'
import { CliCommand } from '#components/cli-command.tsx'
import { Confirm } from '#components/confirm.tsx'
import { Failed } from '#components/failed.tsx'
import { Loaded } from '#components/loaded.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { commands } from '#texts/commands.ts'
import { sendCommandText } from '../send-command.ts'
import { useCommand } from '../use-command.ts'
import { DocumentField } from './document-field.tsx'
import { NotificationFields } from './notification-fields.tsx'
import { OptionFields } from './option-fields.tsx'
import type { Declaration } from './parameter-rules.ts'
import { ParametersPanel } from './parameters-panel.tsx'
import { Preview, previewCommand, usePreview } from './preview.tsx'
import { RateFields } from './rate-fields.tsx'
import {
  faultsOf,
  formFromCommand,
  formFromSearch,
  hasTargets,
  type RunForm,
  requestOf,
  searchOf,
  targetsOf,
} from './run-form.ts'
import { TargetFields } from './target-fields.tsx'
import { useDocument } from './use-document.ts'
import { useSettled } from './use-settled.ts'

const words = commands.form
/** So many nodes are asked about before a command goes to them. */
const MANY = 20

/** The form for a command: empty, as an address fills it in, or as a copy of a command. */
export function RunPage(_props: { params: Params }) {
  const [search] = useSearchParams()
  const copy = search.get('copy')
  return (
    <PageFrame title={words.title} above={[{ text: commands.title, to: '/commands' }]} contentType="form">
      {copy ? <Copied id={copy} /> : <Filled initial={formFromSearch(search)} kept />}
    </PageFrame>
  )
}

function Copied({ id }: { id: string }) {
  const read = useCommand(id)
  const initial = (command: Command | null) =>
    command ? formFromCommand(command) : formFromSearch(new URLSearchParams())
  return <Loaded read={read}>{(command) => <Filled key={id} initial={initial(command)} />}</Loaded>
}

const NO_DECLARATIONS: readonly Declaration[] = []

/** `kept`: the address says what is chosen, and so changes with it; otherwise it names the command that was copied. */
function Filled({ initial, kept = false }: { initial: RunForm; kept?: boolean }) {
  const [form, setForm] = useState(initial)
  const [tried, setTried] = useState(false)
  const [asked, setAsked] = useState<SendCommandRequest>()
  const [, setSearch] = useSearchParams()
  const [, navigate] = useLocation()
  const change = (part: Partial<RunForm>) => setForm((last) => ({ ...last, ...part }))

  const document = useDocument(form.document, form.version)
  const declarations = document.data?.declarations ?? NO_DECLARATIONS
  const of = useSettled({
    ...targetsOf(form),
    DocumentName: form.document || undefined,
    DocumentVersion: form.version,
  })
  const preview = usePreview(of, hasTargets(form))
  const matched = hasTargets(form) ? preview.data?.MatchedCount : undefined
  const faults = tried ? faultsOf(form, declarations) : {}
  const request = requestOf(form, declarations)

  const address = useSettled(searchOf(form).toString())
  useEffect(() => {
    if (kept) setSearch(() => new URLSearchParams(address), { replace: true })
  }, [kept, address, setSearch])

  const send = useAct(['commands'], (input: SendCommandRequest) => ssm().send(new SendCommandCommand(input)))
  async function run(input: SendCommandRequest) {
    const sent = await send.mutateAsync(input)
    navigate(`/commands/${sent.Command?.CommandId}`)
  }
  function submit(): unknown {
    setTried(true)
    if (Object.keys(faultsOf(form, declarations)).length > 0) return requestAnimationFrame(showFirstFault)
    if ((matched ?? 0) > MANY) return setAsked(request)
    // What goes wrong is in `send.error`.
    return run(request).catch(() => undefined)
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <Form
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <CliCommand command={sendCommandText(request)} />
            <Button variant="link" formAction="none" onClick={() => navigate('/commands')}>
              {words.cancel}
            </Button>
            <Button variant="primary" loading={send.isPending} disabled={document.isLoading}>
              {words.submit}
            </Button>
          </SpaceBetween>
        }
        errorText={Object.keys(faults).length > 0 ? words.faults.some(Object.keys(faults).length) : undefined}
      >
        <SpaceBetween size="l">
          <Container header={<Header variant="h2">{words.document}</Header>}>
            <DocumentField form={form} document={document.data} error={faults.document} onChange={change} />
          </Container>
          {form.document && <ParametersPanel form={form} document={document} faults={faults} onChange={change} />}
          <Container
            header={
              <Header variant="h2" actions={hasTargets(form) && <CliCommand command={previewCommand(of)} />}>
                {words.targets}
              </Header>
            }
          >
            <SpaceBetween size="l">
              <TargetFields form={form} error={faults.targets} onChange={change} />
              <div>
                <Box variant="awsui-key-label">{words.preview.title}</Box>
                <Preview of={of} enabled={hasTargets(form)} />
              </div>
            </SpaceBetween>
          </Container>
          <Container header={<Header variant="h2">{words.rate}</Header>}>
            <RateFields form={form} matched={matched} faults={faults} onChange={change} />
          </Container>
          <ExpandableSection
            variant="container"
            headerText={words.options}
            defaultExpanded={Boolean(form.comment || form.bucket || form.logs)}
          >
            <OptionFields form={form} faults={faults} onChange={change} />
          </ExpandableSection>
          <ExpandableSection variant="container" headerText={words.notifications.title} defaultExpanded={form.notifies}>
            <NotificationFields form={form} faults={faults} onChange={change} />
          </ExpandableSection>
          {send.error && !asked && <Failed error={send.error} />}
        </SpaceBetween>
      </Form>
      {asked && (
        <Confirm
          title={words.confirmTitle(matched ?? 0)}
          act={words.submit}
          command={sendCommandText(asked)}
          onConfirm={() => run(asked)}
          onClose={() => setAsked(undefined)}
        >
          <SpaceBetween size="m">
            <span>{words.confirmBody(form.document, matched ?? 0)}</span>
            <Preview of={of} />
          </SpaceBetween>
        </Confirm>
      )}
    </form>
  )
}

/** Goes to the first field that is wrong, once they are marked. */
function showFirstFault(): void {
  const wrong = document.querySelector<HTMLElement>('[aria-invalid="true"], [data-fault="true"]')
  wrong?.scrollIntoView({ block: 'center' })
  const field = wrong?.matches('[aria-invalid]')
    ? wrong
    : wrong?.querySelector<HTMLElement>('input, textarea, button, [contenteditable="true"]')
  field?.focus({ preventScroll: true })
}
