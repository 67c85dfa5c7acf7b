import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Form from '@cloudscape-design/components/form'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { CliCommand } from '#components/cli-command.tsx'
import { Failed } from '#components/failed.tsx'
import { OptionalLabel } from '#components/optional-label.tsx'
import { shellWords } from '#components/shell-words.ts'
import { sessionTexts } from '#texts/sessions.ts'
import { DocumentFacts } from './document-facts.tsx'
import { DocumentSelect } from './document-select.tsx'
import type { SessionRequest } from './grant.ts'
import { NodeSelect, type PickedNode } from './node-select.tsx'
import { type SessionDocument, useSessionDocument } from './session-document.ts'

const texts = sessionTexts.startForm

export interface StartFormProps {
  readonly node?: PickedNode | undefined
  readonly documentName?: string | undefined
  readonly error?: unknown
  readonly onStart: (request: SessionRequest & { nodeName: string | undefined }) => Promise<void>
}

/** Asks where to start a session, with which document, and why. */
export function StartForm({ node: given, documentName: givenDocument, error: givenError, onStart }: StartFormProps) {
  const [node, setNode] = useState(given)
  const [documentName, setDocumentName] = useState(givenDocument)
  const [values, setValues] = useState<Readonly<Record<string, string>>>({})
  const [reason, setReason] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState(givenError)
  const document = useSessionDocument(documentName)
  const usable = document.data?.hasTerminal !== false
  const parameters = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''))
  async function submit() {
    if (!node || !usable) return
    setBusy(true)
    setError(undefined)
    const lists = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, [value]]))
    try {
      await onStart({
        nodeId: node.id,
        nodeName: node.name === node.id ? undefined : node.name,
        documentName,
        parameters: lists,
        reason,
      })
    } catch (fault) {
      setError(fault)
      setBusy(false)
    }
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <Form
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            {node && <CliCommand command={commandOf(node.id, documentName, parameters, reason)} />}
            <Button variant="primary" formAction="submit" loading={busy} disabled={!node || !usable}>
              {texts.submit}
            </Button>
          </SpaceBetween>
        }
      >
        <SpaceBetween size="l">
          {error !== undefined && <Failed error={error} />}
          <Container header={<Header variant="h2">{texts.title}</Header>}>
            <SpaceBetween size="l">
              <FormField label={texts.node} description={texts.nodeHint}>
                <NodeSelect node={node} onPick={setNode} />
              </FormField>
              <FormField label={texts.document} description={texts.documentHint}>
                <DocumentSelect
                  name={documentName}
                  onPick={(name) => {
                    setDocumentName(name)
                    setValues({})
                  }}
                />
              </FormField>
              {document.data && !usable && <Alert type="warning">{texts.wrongType(document.data.sessionType)}</Alert>}
              {usable && <Parameters document={document.data} values={values} onChange={setValues} />}
              {usable && document.data && <DocumentFacts document={document.data} />}
              <FormField label={<OptionalLabel>{texts.reason}</OptionalLabel>} description={texts.reasonHint}>
                <Input value={reason} onChange={({ detail }) => setReason(detail.value.slice(0, 256))} />
              </FormField>
            </SpaceBetween>
          </Container>
        </SpaceBetween>
      </Form>
    </form>
  )
}

interface ParametersProps {
  readonly document: SessionDocument | undefined
  readonly values: Readonly<Record<string, string>>
  readonly onChange: (values: Readonly<Record<string, string>>) => void
}

function Parameters({ document, values, onChange }: ParametersProps) {
  return document?.parameters.map(({ name, description, usual, allowed }) => {
    const value = values[name] ?? ''
    const change = (next: string) => onChange({ ...values, [name]: next })
    return (
      <FormField
        key={name}
        label={usual === undefined ? name : <OptionalLabel>{name}</OptionalLabel>}
        description={description}
        stretch
      >
        {allowed ? (
          <Select
            selectedOption={{ value: value || usual, label: value || usual }}
            options={allowed.map((one) => ({ value: one, label: one }))}
            onChange={({ detail }) => change(detail.selectedOption.value ?? '')}
          />
        ) : (
          <Input
            value={value}
            placeholder={usual ?? ''}
            spellcheck={false}
            onChange={({ detail }) => change(detail.value)}
          />
        )}
      </FormField>
    )
  })
}

function commandOf(node: string, document: string | undefined, parameters: Record<string, string>, reason: string) {
  const params = Object.entries(parameters).flatMap(([name, value]) => ['--param', `${name}=${value}`])
  const start = [node, ...(document ? ['--document', document] : []), ...(reason ? ['--reason', reason] : [])]
  return shellWords('steward', 'shell', ...start, ...params)
}
