import type { DocumentIdentifier } from '@aws-sdk/client-ssm'
import Box from '@cloudscape-design/components/box'
import FormField from '@cloudscape-design/components/form-field'
import Grid from '@cloudscape-design/components/grid'
import Select, { type SelectProps } from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { signedIn } from '#api/sign-in.ts'
import { ConsoleLink } from '#components/console-link.tsx'
import { Failed } from '#components/failed.tsx'
import { commands } from '#texts/commands.ts'
import { DEFAULT_VERSION, type RunForm } from './run-form.ts'
import { type DocumentToRun, useCommandDocuments } from './use-document.ts'

const words = commands.form

interface Props {
  readonly form: RunForm
  readonly document: DocumentToRun | undefined
  readonly error: string | undefined
  readonly onChange: (change: Partial<RunForm>) => void
}

/** The document, its version, and what it is for. */
export function DocumentField({ form, document, error, onChange }: Props) {
  const read = useCommandDocuments()
  if (read.error && !read.data) return <Failed error={read.error} retry={() => void read.refetch()} />
  return (
    <SpaceBetween size="m">
      <Grid gridDefinition={[{ colspan: { default: 12, s: 8 } }, { colspan: { default: 12, s: 4 } }]}>
        <FormField label={words.document} description={words.documentHint} errorText={error} stretch>
          <Select
            selectedOption={form.document ? { value: form.document, label: form.document } : null}
            options={optionsOf(read.data ?? [])}
            filteringType="auto"
            filteringPlaceholder={words.findDocument}
            placeholder={words.chooseDocument}
            statusType={read.data ? 'finished' : 'loading'}
            empty={words.noDocuments}
            expandToViewport
            onChange={({ detail }) =>
              onChange({ document: detail.selectedOption.value ?? '', version: DEFAULT_VERSION, texts: {} })
            }
          />
        </FormField>
        <VersionField form={form} document={document} onChange={onChange} />
      </Grid>
      {document && (
        <SpaceBetween size="xxs">
          {document.description && <Box>{document.description}</Box>}
          <Box variant="small" color="text-body-secondary">
            {words.platforms(document.platforms)}
            {' · '}
            <ConsoleLink to={`/documents/show?${new URLSearchParams({ name: form.document })}`} fontSize="body-s">
              {words.readDocument}
            </ConsoleLink>
          </Box>
        </SpaceBetween>
      )}
    </SpaceBetween>
  )
}

function VersionField({ form, document, onChange }: Omit<Props, 'error'>) {
  const options = document
    ? [
        { value: DEFAULT_VERSION, label: words.defaultVersion(document.defaultVersion) },
        { value: '$LATEST', label: words.latestVersion(document.latestVersion) },
        ...numbersTo(Number(document.latestVersion)).map((number) => ({ value: number, label: number })),
      ]
    : []
  const selected = options.find(({ value }) => value === form.version)
  return (
    <FormField label={words.version} description={' '} stretch>
      <Select
        selectedOption={selected ?? null}
        options={options}
        disabled={!document}
        placeholder="–"
        expandToViewport
        onChange={({ detail }) => onChange({ version: detail.selectedOption.value ?? DEFAULT_VERSION })}
      />
    </FormField>
  )
}

function numbersTo(latest: number): string[] {
  return Array.from({ length: Number.isInteger(latest) ? latest : 0 }, (_, index) => String(latest - index))
}

function optionsOf(documents: readonly DocumentIdentifier[]): SelectProps.OptionGroup[] {
  const account = signedIn()?.account
  const group = (label: string, has: (owner: string | undefined) => boolean) => ({
    label,
    options: documents
      .filter(({ Owner }) => has(Owner))
      .map(({ Name = '', PlatformTypes = [] }) => ({
        value: Name,
        label: Name,
        description: PlatformTypes.join(', '),
      })),
  })
  return [
    group(words.own, (owner) => owner === account),
    group(words.predefined, (owner) => owner === 'Amazon'),
    group(words.sharedWithMe, (owner) => owner !== account && owner !== 'Amazon'),
  ].filter(({ options }) => options.length > 0)
}
