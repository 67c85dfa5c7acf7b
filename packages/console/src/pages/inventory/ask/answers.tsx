import { CancelCommandCommand, type Command } from '@aws-sdk/client-ssm'
import Button from '@cloudscape-design/components/button'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useMemo } from 'react'
import { useSearchParams } from 'wouter'
import { ssm } from '#api/clients/ssm.ts'
import { useAct } from '#api/queries.ts'
import { ButtonLink } from '#components/button-link.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { Empty } from '#components/empty.tsx'
import { Failed } from '#components/failed.tsx'
import { Loaded } from '#components/loaded.tsx'
import { plainOutput } from '#components/plain-output.ts'
import type { Column } from '#components/table/column.ts'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { askTexts as texts } from '#texts/inventory-ask.ts'
import { isOpen } from '../../commands/use-command.ts'
import { valueColumns } from '../query/query-result.tsx'
import type { Row } from '../read-inventory.ts'
import { questionFromCommand } from './question.ts'
import { type NodeAnswer, useAnswers } from './read-answers.ts'
import { WhoAnswered } from './who-answered.tsx'

/** A row, and the nodes that told it. */
interface Told extends Row {
  readonly nodes: readonly NodeAnswer[]
}

/** What came to a question, as it comes. */
export function Answers({ command }: { command: Command }) {
  const id = command.CommandId ?? ''
  const stop = useAct(['commands', 'invocations'], () => ssm().send(new CancelCommandCommand({ CommandId: id })))
  const read = useAnswers(id)
  return (
    <SpaceBetween size="m">
      {stop.error && <Failed error={stop.error} />}
      <Loaded read={read}>
        {(answers) => (
          <SpaceBetween size="m">
            <WhoAnswered command={command} answers={answers} />
            <AnswerTable
              command={command}
              answers={answers}
              actions={
                isOpen(command) && (
                  <Button loading={stop.isPending} onClick={() => stop.mutate(undefined)}>
                    {texts.stop}
                  </Button>
                )
              }
            />
          </SpaceBetween>
        )}
      </Loaded>
    </SpaceBetween>
  )
}

interface TableProps {
  readonly command: Command
  readonly answers: readonly NodeAnswer[]
  readonly actions: React.ReactNode
}

function AnswerTable({ command, answers, actions }: TableProps) {
  const [search, setSearch] = useSearchParams()
  const together = search.get('rows') === 'equal'
  const rows = useMemo(() => (together ? equalRows(answers) : everyRow(answers)), [answers, together])
  const columns = useMemo(
    () => [...(together ? COUNTED : PLAIN), ...valueColumns<Told>(rows), ...(together ? NAMES : [])],
    [rows, together],
  )
  const { fact } = questionFromCommand(command)
  const choose = (rows: string) =>
    setSearch((last) => new URLSearchParams({ ...Object.fromEntries(last), rows }), { replace: true })
  return (
    <ResourceTable
      key={`${fact} ${together}`}
      name={`ask-${fact}${together ? '-equal' : ''}`}
      prefix="r-"
      variant="container"
      title={texts.facts[fact].label}
      columns={columns}
      idOf={({ place }) => String(place)}
      items={rows}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <SegmentedControl
            label={texts.view}
            selectedId={together ? 'equal' : 'all'}
            options={[
              { id: 'all', text: texts.rows },
              { id: 'equal', text: texts.equal },
            ]}
            onChange={({ detail }) => choose(detail.selectedId)}
          />
          <ButtonLink to={`/commands/${command.CommandId}`}>{texts.command}</ButtonLink>
          {actions}
        </SpaceBetween>
      }
      empty={<Empty title={texts.none}>{isOpen(command) ? texts.noneYet : texts.noneBody}</Empty>}
    />
  )
}

function everyRow(answers: readonly NodeAnswer[]): Told[] {
  const rows = answers.flatMap((answer) => (answer.said?.rows ?? []).map((values) => ({ values, nodes: [answer] })))
  return rows.map((row, place) => ({ ...row, place }))
}

/** Each row once, those first that most nodes told. */
function equalRows(answers: readonly NodeAnswer[]): Told[] {
  const groups = Map.groupBy(everyRow(answers), ({ values }) => JSON.stringify(values))
  const rows = [...groups.values()].map((same) => ({
    values: same[0]!.values,
    nodes: [...new Set(same.flatMap(({ nodes }) => nodes))],
  }))
  return rows.sort((one, other) => other.nodes.length - one.nodes.length).map((row, place) => ({ ...row, place }))
}

const PLAIN: readonly Column<Told>[] = [
  {
    id: ' node',
    header: texts.node,
    cell: ({ nodes: [node] }) => (
      <ConsoleLink to={`/nodes/${node?.nodeId}`}>{plainOutput(node?.name ?? '')}</ConsoleLink>
    ),
    text: ({ nodes: [node] }) => plainOutput(node?.name ?? ''),
    choices: true,
    rowHeader: true,
    width: 180,
  },
  {
    id: ' id',
    header: texts.nodeId,
    cell: ({ nodes: [node] }) => node?.nodeId,
    text: ({ nodes: [node] }) => node?.nodeId ?? '',
    hidden: true,
    width: 190,
  },
]

const COUNTED: readonly Column<Told>[] = [
  {
    id: ' count',
    header: texts.count,
    cell: ({ nodes }) => nodes.length.toLocaleString('en'),
    text: ({ nodes }) => String(nodes.length),
    sort: ({ nodes }) => nodes.length,
    number: true,
    width: 100,
  },
]

const SHOWN = 3

const NAMES: readonly Column<Told>[] = [
  {
    id: ' on',
    header: texts.on,
    cell: ({ nodes }) => {
      const names = nodes.slice(0, SHOWN).map(({ name }) => plainOutput(name))
      return `${names.join(', ')}${nodes.length > SHOWN ? ` ${texts.andMore(nodes.length - SHOWN)}` : ''}`
    },
    text: ({ nodes }) => nodes.map(({ name }) => plainOutput(name)).join(', '),
    width: 240,
  },
]
