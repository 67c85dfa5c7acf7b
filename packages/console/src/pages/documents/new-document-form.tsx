import { CreateDocumentCommand, type DocumentType } from '@aws-sdk/client-ssm'
import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import Container from '@cloudscape-design/components/container'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import Form from '@cloudscape-design/components/form'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import TagEditor, { type TagEditorProps } from '@cloudscape-design/components/tag-editor'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { ssm } from '#api/clients/ssm.ts'
import { useAct } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { CliCommand } from '#components/cli-command.tsx'
import { Failed } from '#components/failed.tsx'
import { shellWords } from '#components/shell-words.ts'
import { common } from '#texts/common.ts'
import { documents } from '#texts/documents.ts'
import { documentPath } from './document-name.ts'
import { ContentEditor } from './editing/content-editor.tsx'
import type { Form as ContentForm } from './editing/form.ts'
import { OptionalFields } from './optional-fields.tsx'
import { nameFault } from './rules.ts'
import { TEMPLATES } from './templates.ts'
import { useDraft } from './use-draft.ts'

const texts = documents.form

/** A document before there is one. */
export interface NewDocument {
  readonly name: string
  readonly type: string
  readonly form: ContentForm
  readonly content: string
  readonly versionName: string
  readonly displayName: string
  readonly targetType: string
  readonly tags: readonly TagEditorProps.Tag[]
}

/** Everything that is said of a new document. `draft` names what is being written, for when it is left and found again. */
export function NewDocumentForm({ initial, draft }: { initial: NewDocument; draft: string }) {
  const [, navigate] = useLocation()
  const { values, set, restored, discard, done } = useDraft(draft, initial)
  const [tried, setTried] = useState(false)
  const fault = nameFault(values.name)
  const act = useAct(['documents'], () => ssm().send(new CreateDocumentCommand(requestOf(values))))
  async function create() {
    setTried(true)
    if (fault) return
    await act.mutateAsync(undefined)
    done()
    notify({ type: 'success', header: texts.created(values.name) })
    navigate(documentPath(values.name))
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        // What went wrong is shown by the form.
        create().catch(() => {})
      }}
    >
      <Form
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <CliCommand command={createCommand(values)} />
            <Button formAction="none" variant="link" onClick={() => navigate('/documents')}>
              {common.cancel}
            </Button>
            <Button variant="primary" formAction="submit" loading={act.isPending}>
              {documents.create}
            </Button>
          </SpaceBetween>
        }
      >
        <SpaceBetween size="l">
          {restored && <Restored onDiscard={discard} />}
          <Container header={<Header>{texts.details}</Header>}>
            <SpaceBetween size="l">
              <ColumnLayout columns={2}>
                <FormField
                  label={texts.name}
                  constraintText={texts.nameHint}
                  errorText={(tried || values.name.length > 2) && fault && FAULTS[fault]}
                >
                  <Input
                    value={values.name}
                    onChange={({ detail }) => set({ name: detail.value })}
                    autoFocus
                    spellcheck={false}
                    autoComplete={false}
                  />
                </FormField>
                <TypeField values={values} initial={initial} set={set} />
              </ColumnLayout>
              <ExpandableSection headerText={texts.more}>
                <SpaceBetween size="l">
                  <OptionalFields values={values} set={set} />
                  <FormField label={texts.tags} description={texts.tagsHint} stretch>
                    <TagEditor tags={values.tags} onChange={({ detail }) => set({ tags: detail.tags })} />
                  </FormField>
                </SpaceBetween>
              </ExpandableSection>
            </SpaceBetween>
          </Container>
          <ContentEditor
            type={values.type}
            form={values.form}
            content={values.content}
            onChange={(content) => set({ content })}
            onForm={(form, content) => set({ form, content })}
          />
          {act.isError && <Failed error={act.error} />}
        </SpaceBetween>
      </Form>
    </form>
  )
}

const FAULTS = { wrong: texts.nameWrong, reserved: texts.nameReserved }

/** Says that a draft is here again. */
export function Restored({ onDiscard }: { onDiscard: () => void }) {
  return (
    <Alert
      type="info"
      action={
        <Button formAction="none" onClick={onDiscard}>
          {texts.discard}
        </Button>
      }
    >
      {texts.restored}
    </Alert>
  )
}

interface TypeFieldProps {
  readonly values: NewDocument
  readonly initial: NewDocument
  readonly set: (change: Partial<NewDocument>) => void
}

/** The type; another one brings its own text to begin with, as long as nobody wrote anything. */
function TypeField({ values, initial, set }: TypeFieldProps) {
  const types = Object.hasOwn(texts.types, initial.type) ? [] : [initial.type]
  const options = [...Object.keys(texts.types), ...types].map((value) => ({
    value,
    label: value,
    ...(texts.types[value] && { description: texts.types[value] }),
  }))
  const untouched = Object.values(TEMPLATES).includes(values.content) || values.content.trim() === ''
  return (
    <FormField label={texts.type}>
      <Select
        selectedOption={options.find(({ value }) => value === values.type) ?? null}
        options={options}
        onChange={({ detail }) => {
          const type = detail.selectedOption.value!
          const form = type === 'ChangeCalendar' ? 'TEXT' : values.form === 'TEXT' ? 'YAML' : values.form
          set({
            type,
            form,
            ...(untouched && { content: TEMPLATES[type] ?? '', form: form === 'TEXT' ? form : 'YAML' }),
          })
        }}
      />
    </FormField>
  )
}

function requestOf(values: NewDocument) {
  const tags = values.tags.filter(({ key }) => key !== '')
  return {
    Name: values.name,
    DocumentType: values.type as DocumentType,
    DocumentFormat: values.form,
    Content: values.content,
    ...(values.versionName && { VersionName: values.versionName }),
    ...(values.displayName && { DisplayName: values.displayName }),
    ...(values.targetType && { TargetType: values.targetType }),
    ...(tags.length > 0 && { Tags: tags.map(({ key, value }) => ({ Key: key, Value: value })) }),
  }
}

function createCommand(values: NewDocument): string {
  const { Name, DocumentType, DocumentFormat, VersionName, DisplayName, TargetType, Tags = [] } = requestOf(values)
  const name = Name || 'NAME'
  return shellWords(
    ...['aws', 'ssm', 'create-document', '--name', name, '--document-type', DocumentType],
    ...['--document-format', DocumentFormat, '--content', `file://${name}.${DocumentFormat.toLowerCase()}`],
    ...(VersionName ? ['--version-name', VersionName] : []),
    ...(DisplayName ? ['--display-name', DisplayName] : []),
    ...(TargetType ? ['--target-type', TargetType] : []),
    ...(Tags.length > 0 ? ['--tags', ...Tags.map(({ Key, Value }) => `Key=${Key},Value=${Value}`)] : []),
  )
}
