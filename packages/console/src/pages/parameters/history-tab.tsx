import { type ParameterHistory, type ParameterMetadata, PutParameterCommand } from '@aws-sdk/client-ssm'
import Button from '@cloudscape-design/components/button'
import ButtonDropdown from '@cloudscape-design/components/button-dropdown'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useMemo, useState } from 'react'
import { useSearchParams } from 'wouter'
import { ssm } from '#api/clients/ssm.ts'
import { useAct } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { Confirm } from '#components/confirm.tsx'
import { shellWords } from '#components/shell-words.ts'
import { ListPanel } from '#components/table/list-panel.tsx'
import { useSelection } from '#components/table/resource-table.tsx'
import { parameters as texts } from '#texts/parameters.ts'
import { CompareVersions } from './compare-versions.tsx'
import { historyColumns } from './history-columns.tsx'
import { LabelVersion } from './label-version.tsx'
import { revealed, useHistory } from './read-parameter.ts'

const idOf = ({ Version = 0 }: ParameterHistory) => String(Version)

/** All versions: compared, labelled, put in force again. */
export function HistoryTab({ parameter }: { parameter: ParameterMetadata }) {
  const { Name = '', Version: latest = 0 } = parameter
  const read = useHistory(Name)
  const selection = useSelection(read.data, idOf)
  const [one, two] = [...selection.selected].sort((a, b) => (a.Version ?? 0) - (b.Version ?? 0))
  const [compared, compare] = useCompared()
  const [asking, setAsking] = useState<'label' | 'restore'>()
  const columns = useMemo(() => historyColumns(latest), [latest])
  const pair = read.data && compared?.map((version) => read.data.find(({ Version }) => Version === version))
  const single = selection.selected.length === 1 ? one : undefined
  return (
    <SpaceBetween size="l">
      {pair?.[0] && pair[1] && (
        <CompareVersions name={Name} before={pair[0]} after={pair[1]} onClose={() => compare(undefined)} />
      )}
      <ListPanel
        name="parameter-versions"
        title={texts.history.title}
        description={texts.history.hint}
        columns={columns}
        idOf={idOf}
        read={read}
        selection={selection}
        command={shellWords('aws', 'ssm', 'get-parameter-history', '--name', Name)}
        empty={null}
        actions={
          <>
            <Button
              disabled={selection.selected.length !== 2}
              onClick={() => compare([one?.Version ?? 0, two?.Version ?? 0])}
            >
              {texts.history.compare}
            </Button>
            <ButtonDropdown
              disabled={!single}
              items={[
                { id: 'label', text: texts.labels.edit },
                { id: 'restore', text: texts.history.restore, disabled: single?.Version === latest },
              ]}
              onItemClick={({ detail }) => setAsking(detail.id as 'label' | 'restore')}
            >
              {texts.actions}
            </ButtonDropdown>
          </>
        }
      />
      {single && asking === 'label' && (
        <LabelVersion name={Name} version={single} versions={read.data ?? []} onClose={() => setAsking(undefined)} />
      )}
      {single && asking === 'restore' && (
        <Restore name={Name} version={single} latest={latest} onClose={() => setAsking(undefined)} />
      )}
    </SpaceBetween>
  )
}

/** `compare=2,5` in the address. */
function useCompared() {
  const [search, setSearch] = useSearchParams()
  const versions = search.get('compare')?.split(',').map(Number)
  const compare = (pair: readonly [number, number] | undefined) =>
    setSearch(
      (last) => {
        const next = new URLSearchParams(last)
        if (pair) next.set('compare', pair.join(','))
        else next.delete('compare')
        return next
      },
      { replace: true },
    )
  return [versions, compare] as const
}

interface RestoreProps {
  readonly name: string
  readonly version: ParameterHistory
  readonly latest: number
  readonly onClose: () => void
}

/** The value of an older version as a new one; nothing is taken away. */
function Restore({ name, version, latest, onClose }: RestoreProps) {
  const act = useAct(['parameters'], async () => {
    const { Type, KeyId, Version } = version
    const Value = await revealed(`${name}:${Version}`)
    await ssm().send(new PutParameterCommand({ Name: name, Value, Type, KeyId, Overwrite: true }))
  })
  return (
    <Confirm
      title={texts.restoring.title(version.Version ?? 0)}
      act={texts.history.restore}
      command={shellWords('npx', 'steward', 'params', 'rollback', name, version.Version)}
      onConfirm={async () => {
        await act.mutateAsync(undefined)
        notify({ type: 'success', header: texts.restoring.done(version.Version ?? 0) })
      }}
      onClose={onClose}
    >
      {texts.restoring.body(version.Version ?? 0, latest + 1)}
    </Confirm>
  )
}
