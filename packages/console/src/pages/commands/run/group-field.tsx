import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { failureOf } from '#api/failure.ts'
import { useAct, useRead } from '#api/queries.ts'
import { createGroup, getGroupQuery } from '#api/resource-groups.ts'
import { CliCommand } from '#components/cli-command.tsx'
import { Failed } from '#components/failed.tsx'
import { shellWords } from '#components/shell-words.ts'
import { useGroups } from '#pages/groups/read-groups.ts'
import { commands } from '#texts/commands.ts'
import { EVERY_NODE } from './run-form.ts'

const words = commands.form

interface GroupFieldProps {
  readonly group: string
  readonly error: string | undefined
  readonly onChange: (group: string) => void
}

/** One of the resource groups. */
export function GroupField({ group, error, onChange }: GroupFieldProps) {
  const read = useGroups()
  const options = (read.data ?? []).map(({ GroupName = '', Description }) => ({
    value: GroupName,
    label: GroupName,
    ...(Description && { description: Description }),
  }))
  return (
    <FormField label={words.group} description={words.groupHint} errorText={error}>
      <Select
        selectedOption={group ? { value: group, label: group } : null}
        options={options}
        filteringType="auto"
        placeholder={words.chooseGroup}
        empty={words.noGroups}
        statusType={read.error ? 'error' : read.isPending ? 'loading' : 'finished'}
        errorText={read.error?.message}
        expandToViewport
        onChange={({ detail }) => onChange(detail.selectedOption.value ?? '')}
      />
    </FormField>
  )
}

/** All managed nodes, whatever tags they carry. */
const QUERY = JSON.stringify({ ResourceTypeFilters: ['AWS::SSM::ManagedInstance'] })
const RESOURCE_QUERY = { Type: 'TAG_FILTERS_1_0', Query: QUERY } as const

/** Says whether there is the group by which every node is reached, and makes it if not. */
export function EveryNode() {
  const read = useRead('groups', ['query', EVERY_NODE], (signal) => queryOf(EVERY_NODE, signal))
  const create = useAct(['groups', 'nodes'], () =>
    createGroup({ Name: EVERY_NODE, Description: words.everyGroup, ResourceQuery: RESOURCE_QUERY }),
  )
  if (read.data === undefined) return read.error && <Failed error={read.error} retry={() => void read.refetch()} />
  if (read.data !== null)
    return isOfAll(read.data) ? null : <Alert type="warning">{words.everyNarrowed(EVERY_NODE)}</Alert>
  const action = (
    <SpaceBetween direction="horizontal" size="xs">
      <CliCommand
        command={shellWords(
          ...['aws', 'resource-groups', 'create-group', '--name', EVERY_NODE, '--description', words.everyGroup],
          ...['--resource-query', JSON.stringify(RESOURCE_QUERY)],
        )}
      />
      <Button formAction="none" loading={create.isPending} onClick={() => create.mutate(undefined)}>
        {words.createGroup}
      </Button>
    </SpaceBetween>
  )
  return (
    <SpaceBetween size="s">
      <Alert type="info" action={action}>
        {words.everyMissing(EVERY_NODE)}
      </Alert>
      {create.error && <Failed error={create.error} />}
    </SpaceBetween>
  )
}

/** What the group asks for; null if there is no such group. */
async function queryOf(Group: string, signal: AbortSignal): Promise<string | null> {
  try {
    const { GroupQuery } = await getGroupQuery({ Group }, signal)
    return GroupQuery?.ResourceQuery?.Query ?? ''
  } catch (error) {
    if (failureOf(error).code === 'NotFoundException') return null
    throw error
  }
}

function isOfAll(query: string): boolean {
  const { ResourceTypeFilters = [], TagFilters = [] } = JSON.parse(query || '{"TagFilters":[{}]}') as {
    ResourceTypeFilters?: string[]
    TagFilters?: object[]
  }
  return TagFilters.length === 0 && /AllSupported|ManagedInstance/.test(ResourceTypeFilters.join(' '))
}
