import type { Command } from '@aws-sdk/client-ssm'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator'
import { statusWords } from '#components/command-status.tsx'
import { plainOutput } from '#components/plain-output.ts'
import { askTexts as texts } from '#texts/inventory-ask.ts'
import { isOpen } from '../../commands/use-command.ts'
import { type NodeAnswer, useAway } from './read-answers.ts'

const UNDELIVERED = new Set(['Pending', 'Delayed', 'DeliveryTimedOut', 'Cancelled', 'Cancelling'])
const NAMED = 5

/** Who answered, who failed, who is away and was not asked, and of whom nothing is known yet. */
export function WhoAnswered({ command, answers }: { command: Command; answers: readonly NodeAnswer[] }) {
  const silent = answers.filter(({ said, details }) => !said && UNDELIVERED.has(details))
  const away = useAway(command, silent.length > 0).data
  if (answers.length === 0)
    return isOpen(command) ? (
      <StatusIndicator type="in-progress">{texts.asking}</StatusIndicator>
    ) : (
      <StatusIndicator type="warning">{texts.nobody}</StatusIndicator>
    )
  const answered = answers.filter(({ details }) => details === 'Success')
  const groups = Map.groupBy(
    answers.filter(({ details }) => details !== 'Success'),
    (answer) => kindOf(answer, away?.has(answer.nodeId) ?? false),
  )
  const cut = answers.filter(({ said }) => said?.isCut)
  return (
    <SpaceBetween direction="horizontal" size="m">
      <StatusIndicator type={answered.length > 0 ? 'success' : 'pending'}>
        {texts.answered(answered.length, answers.length)}
      </StatusIndicator>
      {KINDS.map(([kind, type]) => {
        const those = groups.get(kind)
        return those && <Those key={kind} type={type} words={texts[kind]} nodes={those} reasons={kind === 'failed'} />
      })}
      {cut.length > 0 && <Those type="warning" words={texts.cut} nodes={cut} />}
    </SpaceBetween>
  )
}

const KINDS = [
  ['failed', 'error'],
  ['waiting', 'in-progress'],
  ['offline', 'pending'],
  ['unreached', 'warning'],
  ['stopped', 'stopped'],
] as const satisfies (readonly [string, StatusIndicatorProps.Type])[]

function kindOf({ said, details }: NodeAnswer, isAway: boolean): (typeof KINDS)[number][0] {
  if (said) return 'failed'
  if (UNDELIVERED.has(details)) return isAway ? 'offline' : (UNREACHED[details] ?? 'waiting')
  return details === 'InProgress' ? 'waiting' : 'failed'
}

const UNREACHED: Readonly<Record<string, 'unreached' | 'stopped'>> = {
  DeliveryTimedOut: 'unreached',
  Cancelled: 'stopped',
  Cancelling: 'stopped',
}

interface ThoseProps {
  readonly type: StatusIndicatorProps.Type
  readonly words: string
  readonly nodes: readonly NodeAnswer[]
  readonly reasons?: boolean
}

function Those({ type, words, nodes, reasons = false }: ThoseProps) {
  const names = nodes.slice(0, NAMED).map(({ name, said, details }) => {
    const reason = reasons && (said?.problem || statusWords(details))
    return `${plainOutput(name)}${reason ? ` (${reason})` : ''}`
  })
  const more = nodes.length > NAMED ? ` ${texts.andMore(nodes.length - NAMED)}` : ''
  return (
    <StatusIndicator type={type} wrapText>
      {words}: {names.join(', ')}
      {more}
    </StatusIndicator>
  )
}
