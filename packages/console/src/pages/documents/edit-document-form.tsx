import {
  type DocumentDescription,
  UpdateDocumentCommand,
  UpdateDocumentDefaultVersionCommand,
} from '@aws-sdk/client-ssm'
import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import Checkbox from '@cloudscape-design/components/checkbox'
import Container from '@cloudscape-design/components/container'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import Form from '@cloudscape-design/components/form'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useLocation } from 'wouter'
import { ssm } from '#api/clients/ssm.ts'
import { failureOf } from '#api/failure.ts'
import { useAct } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { ButtonLink } from '#components/button-link.tsx'
import { CliCommand } from '#components/cli-command.tsx'
import { Failed } from '#components/failed.tsx'
import { shellWords } from '#components/shell-words.ts'
import { common } from '#texts/common.ts'
import { documents } from '#texts/documents.ts'
import { documentPath } from './document-name.ts'
import { ContentEditor } from './editing/content-editor.tsx'
import { type Form as ContentForm, formOf } from './editing/form.ts'
import { Restored } from './new-document-form.tsx'
import { OptionalFields } from './optional-fields.tsx'
import { useDraft } from './use-draft.ts'

const texts = documents.form

interface NextVersion {
  readonly form: ContentForm
  readonly content: string
  readonly versionName: string
  readonly displayName: string
  readonly targetType: string
  readonly setDefault: boolean
}

interface EditDocumentFormProps {
  readonly name: string
  /** The version from which the person began, and what was known then. */
  readonly begun: DocumentDescription
  /** The latest version now. */
  readonly latest: string
  readonly content: string
}

/** The next version of a document. */
export function EditDocumentForm({ name, begun, latest, content }: EditDocumentFormProps) {
  const [, navigate] = useLocation()
  const { values, set, restored, discard, done } = useDraft<NextVersion>(`documents/${name}/${begun.DocumentVersion}`, {
    form: formOf(begun),
    content,
    versionName: '',
    displayName: begun.DisplayName ?? '',
    targetType: begun.TargetType ?? '',
    setDefault: false,
  })
  const act = useAct(['documents'], () => save(name, latest, values))
  async function submit() {
    const version = await act.mutateAsync(undefined)
    done()
    navigate(documentPath(name, { version }))
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        // What went wrong is shown by the form.
        submit().catch(() => {})
      }}
    >
      <Form
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <CliCommand command={updateCommand(name, latest, values)} />
            <Button formAction="none" variant="link" onClick={() => navigate(documentPath(name))}>
              {common.cancel}
            </Button>
            <Button variant="primary" formAction="submit" loading={act.isPending}>
              {texts.save}
            </Button>
          </SpaceBetween>
        }
      >
        <SpaceBetween size="l">
          {restored && <Restored onDiscard={discard} />}
          {latest !== begun.LatestVersion && <Outdated name={name} from={begun.LatestVersion!} to={latest} />}
          <ContentEditor
            type={begun.DocumentType ?? 'Command'}
            form={values.form}
            content={values.content}
            before={{ content, form: formOf(begun) }}
            onChange={(next) => set({ content: next })}
            onForm={(form, next) => set({ form, content: next })}
          />
          <Container>
            <SpaceBetween size="m">
              <Checkbox
                checked={values.setDefault}
                description={texts.setDefaultHint}
                onChange={({ detail }) => set({ setDefault: detail.checked })}
              >
                {texts.setDefault}
              </Checkbox>
              <ExpandableSection headerText={texts.more}>
                <OptionalFields values={values} set={set} />
              </ExpandableSection>
            </SpaceBetween>
          </Container>
          {act.isError && <Failed error={act.error} />}
        </SpaceBetween>
      </Form>
    </form>
  )
}

/** Somebody else was quicker. */
function Outdated({ name, from, to }: { name: string; from: string; to: string }) {
  const changes = documentPath(name, { tab: 'versions', compare: `${from}-${to}` })
  return (
    <Alert type="warning" header={texts.outdated(to)} action={<ButtonLink to={changes}>{texts.seeChanges}</ButtonLink>}>
      {texts.outdatedHint}
    </Alert>
  )
}

/** Saves a version after the latest one that the person knows of; answers its number. */
async function save(name: string, latest: string, values: NextVersion): Promise<string> {
  const { DocumentDescription: made } = await ssm().send(new UpdateDocumentCommand(requestOf(name, latest, values)))
  const version = made!.DocumentVersion!
  if (!values.setDefault) {
    notify({ type: 'success', header: texts.saved(name, version) })
    return version
  }
  try {
    await ssm().send(new UpdateDocumentDefaultVersionCommand({ Name: name, DocumentVersion: version }))
    notify({ type: 'success', header: texts.savedDefault(name, version) })
  } catch (error) {
    notify({ type: 'warning', header: texts.defaultFailed(version), content: failureOf(error).message })
  }
  return version
}

function requestOf(name: string, latest: string, values: NextVersion) {
  return {
    Name: name,
    DocumentVersion: latest,
    DocumentFormat: values.form,
    Content: values.content,
    ...(values.versionName && { VersionName: values.versionName }),
    ...(values.displayName && { DisplayName: values.displayName }),
    ...(values.targetType && { TargetType: values.targetType }),
  }
}

function updateCommand(name: string, latest: string, values: NextVersion): string {
  const { versionName, displayName, targetType, form, setDefault } = values
  const update = shellWords(
    ...['aws', 'ssm', 'update-document', '--name', name, '--document-version', latest],
    ...['--document-format', form, '--content', `file://${name}.${form.toLowerCase()}`],
    ...(versionName ? ['--version-name', versionName] : []),
    ...(displayName ? ['--display-name', displayName] : []),
    ...(targetType ? ['--target-type', targetType] : []),
    ...(setDefault ? ['--query', 'DocumentDescription.DocumentVersion', '--output', 'text'] : []),
  )
  if (!setDefault) return update
  return `${shellWords('aws', 'ssm', 'update-document-default-version', '--name', name)} --document-version "$(${update})"`
}
