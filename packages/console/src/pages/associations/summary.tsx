import type { AssociationDescription } from '@aws-sdk/client-ssm'
import Container from '@cloudscape-design/components/container'
import { CommandStatus } from '#components/command-status.tsx'
import { Properties } from '#components/properties.tsx'
import { Time } from '#components/time.tsx'
import { associations } from '#texts/associations.ts'
import { CountsBar, stateCounts, totalOf } from './counts.tsx'
import { scheduleInWords } from './in-words.ts'
import { dueRuns } from './runs-tab.tsx'

const { page: texts, columns } = associations

/** How it stands, at a glance. */
export function Summary({ association }: { association: AssociationDescription }) {
  const { Overview, ScheduleExpression, LastExecutionDate, LastSuccessfulExecutionDate } = association
  const [next] = dueRuns(association)
  const counts = stateCounts(Overview?.AssociationStatusAggregatedCount ?? {})
  const stands = Overview?.DetailedStatus || Overview?.Status
  // The API calls it a success when nobody was met; people should see that nothing ran.
  const details = stands === 'Success' && totalOf(counts) === 0 ? 'NoInstancesInTag' : stands
  return (
    <Container>
      <Properties
        columns={3}
        items={[
          { label: texts.status, value: <CommandStatus details={details} /> },
          { label: texts.nodesInState, value: <CountsBar counts={counts} /> },
          {
            label: columns.schedule,
            value: <span title={ScheduleExpression}>{scheduleInWords(ScheduleExpression)}</span>,
          },
          {
            label: texts.lastRun,
            value: LastExecutionDate ? <Time at={LastExecutionDate} /> : associations.never,
          },
          {
            label: texts.lastSuccess,
            value: LastSuccessfulExecutionDate ? <Time at={LastSuccessfulExecutionDate} /> : associations.never,
          },
          { label: texts.nextRun, value: next ? <Time at={next} /> : associations.noMore },
        ]}
      />
    </Container>
  )
}
