import type { Command } from '@aws-sdk/client-ssm'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { CommandText } from '#components/cli-command.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { Copyable } from '#components/copyable.tsx'
import { Properties } from '#components/properties.tsx'
import { durationText, Time } from '#components/time.tsx'
import { commands } from '#texts/commands.ts'
import { sameAgain, sendCommandText } from './send-command.ts'

const words = commands.details

/** Everything that was asked for. */
export function Details({ command }: { command: Command }) {
  const { DocumentName = '', Parameters = {}, CloudWatchOutputConfig: logs, OutputS3BucketName: bucket } = command
  const parameters = Object.entries(Parameters)
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">{words.parameters}</Header>}>
        {parameters.length === 0 ? (
          words.noParameters
        ) : (
          <Properties
            items={parameters.map(([label, values]) => ({
              label,
              value: <pre className="st-mono st-pre">{values.join('\n')}</pre>,
            }))}
          />
        )}
      </Container>
      <Container header={<Header variant="h2">{commands.command.tabs.details}</Header>}>
        <Properties
          columns={3}
          items={[
            { label: commands.columns.id, value: <Copyable text={command.CommandId ?? ''} /> },
            {
              label: words.document,
              value: (
                <ConsoleLink to={`/documents/show?${new URLSearchParams({ name: DocumentName })}`}>
                  {DocumentName}
                </ConsoleLink>
              ),
            },
            { label: words.version, value: command.DocumentVersion || '–' },
            { label: words.targets, value: targetsText(command) },
            { label: words.concurrency, value: command.MaxConcurrency || '–' },
            { label: words.errors, value: command.MaxErrors || '–' },
            {
              label: words.timeout,
              value: command.TimeoutSeconds ? durationText(command.TimeoutSeconds * 1000) : '–',
            },
            { label: words.expires, value: <Time at={command.ExpiresAfter} /> },
            { label: words.s3, value: bucket ? `s3://${bucket}/${command.OutputS3KeyPrefix ?? ''}` : words.none },
            {
              label: words.logs,
              value: logs?.CloudWatchOutputEnabled
                ? logs.CloudWatchLogGroupName || `/aws/ssm/${DocumentName}`
                : words.none,
            },
            { label: words.notifications, value: command.NotificationConfig?.NotificationArn || words.none },
          ]}
        />
      </Container>
      <Container header={<Header variant="h2">{words.again}</Header>}>
        <CommandText command={sendCommandText(sameAgain(command))} />
      </Container>
    </SpaceBetween>
  )
}

function targetsText({ InstanceIds = [], Targets = [] }: Command): string {
  if (InstanceIds.length > 0) return InstanceIds.join(', ')
  return Targets.map(({ Key, Values = [] }) => `${Key} = ${Values.join(', ')}`).join('; ')
}
