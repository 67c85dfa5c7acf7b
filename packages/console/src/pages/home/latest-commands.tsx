import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import { instant } from '#api/wire.ts'
import { ButtonLink } from '#components/button-link.tsx'
import { CommandStatus } from '#components/command-status.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { Empty } from '#components/empty.tsx'
import { Time } from '#components/time.tsx'
import { home } from '#texts/home.ts'
import type { FleetSummary } from './use-fleet-summary.ts'

const { commands: texts } = home

export function LatestCommands({ summary }: { summary: NonNullable<FleetSummary['Commands']> }) {
  const { Recent } = summary
  return (
    <Container
      header={
        <Header variant="h2" actions={<ButtonLink to="/commands">{texts.all}</ButtonLink>}>
          {texts.recent}
        </Header>
      }
      fitHeight
    >
      {Recent.length === 0 ? (
        <Empty title={texts.none} action={<ButtonLink to="/commands/run">{texts.run}</ButtonLink>} />
      ) : (
        <ul className="st-matters">
          {Recent.map((command) => (
            <li key={command.CommandId} className="st-row">
              <span>
                <ConsoleLink to={`/commands/${command.CommandId}`}>
                  {command.Comment ?? command.DocumentName}
                </ConsoleLink>
                <Box variant="small" color="text-body-secondary" display="block">
                  <Time at={instant(command.RequestedDateTime)} only="relative" /> ·{' '}
                  {texts.done(command.CompletedCount, command.TargetCount)}
                </Box>
              </span>
              <CommandStatus details={command.StatusDetails} />
            </li>
          ))}
        </ul>
      )}
    </Container>
  )
}
