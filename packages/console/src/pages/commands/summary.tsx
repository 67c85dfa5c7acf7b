import type { Command } from '@aws-sdk/client-ssm'
import Box from '@cloudscape-design/components/box'
import ProgressBar from '@cloudscape-design/components/progress-bar'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { CommandStatus } from '#components/command-status.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { Properties } from '#components/properties.tsx'
import { Time } from '#components/time.tsx'
import { commands } from '#texts/commands.ts'
import { isOpen } from './use-command.ts'
import { useMatrixCounts } from './use-matrix.ts'
import { whoOf } from './who.ts'

/** How far the command is, and whose it is. */
export function Summary({ command }: { command: Command }) {
  const { CommandId: id = '', TargetCount: all = 0, CompletedCount: done = 0, ErrorCount: errors = 0 } = command
  const counts = useMatrixCounts(id)
  const states = counts.data?.Counts ?? []
  const words = commands.command
  const wasStopped = states.some(({ StatusDetails }) => StatusDetails === 'Terminated')
  const why = words.why[wasStopped ? 'Terminated' : (command.StatusDetails ?? '')]
  return (
    <SpaceBetween size="m">
      <Properties
        columns={3}
        items={[
          {
            label: words.progress,
            value: all > 0 ? words.progressText(done, all, errors) : isOpen(command) ? words.resolving : words.noNodes,
          },
          { label: commands.columns.requested, value: <Time at={command.RequestedDateTime} /> },
          {
            label: commands.columns.by,
            value: <span title={counts.data?.Origin}>{counts.data ? whoOf(counts.data.Origin ?? '') : '–'}</span>,
          },
        ]}
      />
      {why && <Box color="text-body-secondary">{why}</Box>}
      {isOpen(command) && all > 0 && <ProgressBar value={(100 * done) / all} ariaLabel={words.progress} />}
      {states.length > 0 && (
        <SpaceBetween direction="horizontal" size="l">
          {states.map(({ StatusDetails = '', Count = 0 }) => (
            <ConsoleLink key={StatusDetails} to={`/commands/${id}?f=status~%3D~${StatusDetails}`}>
              <CommandStatus details={StatusDetails} count={Count} />
            </ConsoleLink>
          ))}
        </SpaceBetween>
      )}
    </SpaceBetween>
  )
}
