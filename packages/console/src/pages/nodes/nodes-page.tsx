import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useDeferredValue, useMemo } from 'react'
import { useSearchParams } from 'wouter'
import { notify } from '#app/notifications.tsx'
import { ButtonLink } from '#components/button-link.tsx'
import { Empty } from '#components/empty.tsx'
import { Failed } from '#components/failed.tsx'
import { nodeStatusText } from '#components/node-status.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { downloadCsv, useSelection } from '#components/table/resource-table.tsx'
import { useTableState } from '#components/table/table-state.ts'
import { TableView } from '#components/table/table-view.tsx'
import { nodes as texts } from '#texts/nodes.ts'
import { NodeActs } from './node-acts.tsx'
import { nodeColumns } from './node-columns.tsx'
import { GROUPINGS, groupColumns, groupName } from './node-groups.tsx'
import { type FleetNode, listCommand, onlyTags, searchInput } from './nodes-query.ts'
import { SavedViews } from './saved-views.tsx'
import { allNodes, useNodes, useTagKeys } from './use-nodes.ts'

/** The fleet: found by whatever is known of a node, in any order, or counted by value. */
export function NodesPage() {
  const state = useTableState('nodes')
  const [search, setSearch] = useSearchParams()
  const group = search.get('group') ?? undefined
  const read = useNodes(state.query, state.pageSize, group)
  const { data } = read
  // The rows come first: what tags add to them is hidden until somebody asks for it.
  const tags = useDeferredValue(useTagKeys(data !== undefined).join('\n'), '')
  const tagKeys = useMemo(() => (tags === '' ? [] : tags.split('\n')), [tags])
  const columns = useMemo(() => nodeColumns(tagKeys), [tagKeys])
  const found = group ? undefined : data?.Nodes
  const selection = useSelection(found, idOf)
  const input = searchInput(state.query)
  const setGroup = (next: string | undefined) =>
    setSearch(
      (last) => {
        const changed = new URLSearchParams(last)
        changed.delete('group')
        changed.delete('sort')
        changed.delete('page')
        if (next) changed.set('group', next)
        return changed
      },
      { replace: true },
    )
  const narrow = (
    <SpaceBetween direction="horizontal" size="xs" alignItems="end">
      <GroupBy group={group} tagKeys={tagKeys} onChange={setGroup} />
      <SavedViews />
    </SpaceBetween>
  )
  const common = {
    title: texts.title,
    error: read.error,
    retry: () => void read.refetch(),
    reading: read.isFetching,
    properties: propertiesOf(tagKeys),
    choices: choicesOf(data?.Nodes ?? []),
    placeholder: texts.search,
    allMustHold: true,
    above: narrow,
    empty: (
      <Empty title={texts.empty.title} action={<ButtonLink to="/nodes/add">{texts.add}</ButtonLink>}>
        {texts.empty.body}
      </Empty>
    ),
  }
  const add = (
    <ButtonLink to="/nodes/add" variant="primary">
      {texts.add}
    </ButtonLink>
  )
  return (
    <PageFrame title={texts.title} contentType="table" titleInContent>
      {group ? (
        <TableView
          {...common}
          state={state}
          columns={groupColumns(group, state.query)}
          idOf={({ Value = '' }) => Value}
          items={data?.Groups}
          matching={undefined}
          total={data?.TotalCount}
          command={listCommand({ ...input, GroupBy: group })}
          onDownload={
            data?.Groups &&
            (() => downloadCsv('node-groups', data.Groups ?? [], groupColumns(group, state.query), state))
          }
          fixedOrder
          actions={add}
        />
      ) : (
        <TableView
          {...common}
          state={state}
          columns={columns}
          idOf={idOf}
          items={found}
          matching={data?.TotalCount}
          total={data?.TotalCount}
          description={data && texts.statuses(onlineOf(data.Groups ?? []), data.TotalCount ?? 0)}
          selection={selection}
          command={listCommand(input)}
          onDownload={() => void download(input, columns, state)}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <NodeActs
                nodes={selection.selected}
                whole={{ found: input, count: data?.TotalCount ?? 0, tags: onlyTags(state.query) }}
              />
              {add}
            </SpaceBetween>
          }
        />
      )}
    </PageFrame>
  )
}

function idOf({ InstanceId = '' }: FleetNode): string {
  return InstanceId
}

function onlineOf(groups: readonly { Value?: string | undefined; Count?: number | undefined }[]): number {
  return groups.find(({ Value }) => Value === 'Online')?.Count ?? 0
}

function GroupBy(props: {
  group: string | undefined
  tagKeys: readonly string[]
  onChange: (group: string | undefined) => void
}) {
  const option = (key: string) => ({ value: key, label: groupName(key) })
  const none = { value: '', label: texts.group.none }
  return (
    <Select
      selectedOption={props.group ? option(props.group) : none}
      options={[
        none,
        ...GROUPINGS.map(option),
        ...(props.tagKeys.length > 0
          ? [{ label: texts.tagGroup, options: props.tagKeys.map((key) => option(`tag:${key}`)) }]
          : []),
      ]}
      onChange={({ detail }) => props.onChange(detail.selectedOption.value || undefined)}
      inlineLabelText={texts.group.label}
      expandToViewport
    />
  )
}

const WORDS = ['=', '!=', ':', '^'] as const
const EXACT = ['=', '!='] as const
const ORDERED = ['=', '!=', '^', '<', '>'] as const

const PROPERTIES = [
  ['PingStatus', EXACT],
  ['Name', WORDS],
  ['ComputerName', WORDS],
  ['InstanceId', WORDS],
  ['IPAddress', WORDS],
  ['PlatformName', WORDS],
  ['PlatformType', EXACT],
  ['PlatformVersion', ORDERED],
  ['AgentName', WORDS],
  ['AgentVersion', ORDERED],
  ['IsLatestVersion', EXACT],
  ['IamRole', WORDS],
  ['ActivationId', EXACT],
  ['LastPingDateTime', ['<', '>', '=', '!=']],
  ['RegistrationDate', ['<', '>']],
] as const

function propertiesOf(tagKeys: readonly string[]) {
  const known = PROPERTIES.map(([key, operators]) => ({
    key,
    operators,
    propertyLabel: texts.columns[key],
    groupValuesLabel: texts.valuesOf(texts.columns[key]),
  }))
  const tags = tagKeys.map((key) => ({
    key: `tag:${key}`,
    operators: WORDS,
    propertyLabel: texts.tag(key),
    groupValuesLabel: texts.valuesOf(texts.tag(key)),
    group: 'tags',
  }))
  return [...known, ...tags]
}

/** A start for typing: what the nodes have that are shown. */
function choicesOf(shown: readonly FleetNode[]) {
  const values: Record<string, readonly (string | undefined)[]> = {
    PlatformName: shown.map(({ PlatformName }) => PlatformName),
    PlatformVersion: shown.map(({ PlatformVersion }) => PlatformVersion),
    AgentVersion: shown.map(({ AgentVersion }) => AgentVersion),
    IamRole: shown.map(({ IamRole }) => IamRole),
    PlatformType: ['Linux', 'Windows', 'MacOS'],
    IsLatestVersion: ['true', 'false'],
  }
  for (const { Key, Value } of shown.flatMap(({ Tags = [] }) => Tags))
    values[`tag:${Key}`] = [...(values[`tag:${Key}`] ?? [texts.noValue]), Value]
  const choices = Object.entries(values).flatMap(([propertyKey, all]) =>
    [...new Set(all)].flatMap((value) => (value ? { propertyKey, value } : [])),
  )
  const statuses = ['Online', 'ConnectionLost', 'Inactive'].map((value) => ({
    propertyKey: 'PingStatus',
    value,
    label: nodeStatusText(value),
  }))
  return [...statuses, ...choices]
}

async function download(...[input, columns, preferences]: [Parameters<typeof allNodes>[0], ...DownloadOptions]) {
  let dismiss = notify({ type: 'in-progress', header: texts.download(0) })
  try {
    const all = await allNodes(input, (count) => {
      dismiss()
      dismiss = notify({ type: 'in-progress', header: texts.download(count) })
    })
    downloadCsv('nodes', all, columns, preferences)
  } catch (error) {
    notify({ type: 'error', header: texts.title, content: <Failed error={error} /> })
  } finally {
    dismiss()
  }
}

type DownloadOptions = [ReturnType<typeof nodeColumns>, Parameters<typeof downloadCsv>[3]]
