import type { AssociationVersionInfo } from '@aws-sdk/client-ssm'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Grid from '@cloudscape-design/components/grid'
import Header from '@cloudscape-design/components/header'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { CliCommand } from '#components/cli-command.tsx'
import { Diff } from '#components/editor/editor.tsx'
import { Empty } from '#components/empty.tsx'
import { Loaded } from '#components/loaded.tsx'
import { shellWords } from '#components/shell-words.ts'
import { associations } from '#texts/associations.ts'
import { useVersions } from './read.ts'

const { versions: texts } = associations

/** How it was at each change, two versions beside each other. */
export function VersionsTab({ id }: { id: string }) {
  const read = useVersions(id)
  return (
    <Loaded read={read}>
      {(versions) => (
        <Container
          header={
            <Header
              variant="h2"
              actions={
                <CliCommand command={shellWords('aws', 'ssm', 'list-association-versions', '--association-id', id)} />
              }
            >
              {texts.compare}
            </Header>
          }
        >
          {versions.length > 1 ? <Compared versions={versions} /> : <Empty title={texts.only} />}
        </Container>
      )}
    </Loaded>
  )
}

function Compared({ versions }: { versions: readonly AssociationVersionInfo[] }) {
  const [before, setBefore] = useState(versions[1]!)
  const [after, setAfter] = useState(versions[0]!)
  return (
    <SpaceBetween size="m">
      <Grid gridDefinition={[{ colspan: { default: 12, s: 6 } }, { colspan: { default: 12, s: 6 } }]}>
        <VersionField label={texts.before} versions={versions} chosen={before} onChoose={setBefore} />
        <VersionField label={texts.after} versions={versions} chosen={after} onChoose={setAfter} />
      </Grid>
      <Diff before={textOf(before)} after={textOf(after)} language="json" label={texts.diff} />
    </SpaceBetween>
  )
}

interface VersionFieldProps {
  readonly label: string
  readonly versions: readonly AssociationVersionInfo[]
  readonly chosen: AssociationVersionInfo
  readonly onChoose: (version: AssociationVersionInfo) => void
}

function VersionField({ label, versions, chosen, onChoose }: VersionFieldProps) {
  const options = versions.map(({ AssociationVersion, AssociationName }) => ({
    value: AssociationVersion ?? '',
    label: texts.version(AssociationVersion, AssociationName),
  }))
  return (
    <FormField label={label} stretch>
      <Select
        selectedOption={options.find(({ value }) => value === chosen.AssociationVersion) ?? null}
        options={options}
        expandToViewport
        onChange={({ detail }) =>
          onChoose(versions.find(({ AssociationVersion }) => AssociationVersion === detail.selectedOption.value)!)
        }
      />
    </FormField>
  )
}

/** Without what differs anyhow. */
function textOf({ AssociationId, AssociationVersion, CreatedDate, ...version }: AssociationVersionInfo): string {
  return JSON.stringify(version, null, 2)
}
