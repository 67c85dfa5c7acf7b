import Box from '@cloudscape-design/components/box'
import { instant } from '#api/wire.ts'
import { CommandStatus } from '#components/command-status.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { Time } from '#components/time.tsx'
import { groups } from '#texts/groups.ts'
import type { GroupOverview } from './overview.tsx'
import { Part } from './part.tsx'

const { page: texts } = groups

/** The latest commands that reached nodes of the group. */
export function Commands({ overview }: { overview: GroupOverview }) {
  return (
    <Part overview={overview} part="Commands" title={texts.commands}>
      {(commands) =>
        commands.length === 0 ? (
          texts.noCommands
        ) : (
          <ul className="st-matters">
            {commands.map(({ CommandId, Comment, DocumentName, StatusDetails, RequestedDateTime, ...counts }) => (
              <li key={CommandId} className="st-row">
                <span>
                  <ConsoleLink to={`/commands/${CommandId}`}>{Comment ?? DocumentName}</ConsoleLink>
                  <Box variant="small" color="text-body-secondary" display="block">
                    <Time at={instant(RequestedDateTime)} only="relative" /> ·{' '}
                    {texts.done(counts.CompletedCount, counts.TargetCount)}
                  </Box>
                </span>
                <CommandStatus details={StatusDetails} />
              </li>
            ))}
          </ul>
        )
      }
    </Part>
  )
}
