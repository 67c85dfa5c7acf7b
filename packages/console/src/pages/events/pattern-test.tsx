import { TestEventPatternCommand } from '@aws-sdk/client-eventbridge'
import Button from '@cloudscape-design/components/button'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { useState } from 'react'
import { events as client } from '#api/clients/events.ts'
import { useAct } from '#api/queries.ts'
import { signedIn } from '#api/sign-in.ts'
import { CliCommand } from '#components/cli-command.tsx'
import { Editor } from '#components/editor/editor.tsx'
import { Failed } from '#components/failed.tsx'
import { shellWords } from '#components/shell-words.ts'
import { events } from '#texts/events.ts'

const { form: texts } = events

/** Whether an event would match, before the rule is saved. */
export function PatternTest({ pattern }: { pattern: string }) {
  const [event, setEvent] = useState(sample)
  const test = useAct([], () => client().send(new TestEventPatternCommand({ EventPattern: pattern, Event: event })))
  return (
    <ExpandableSection headerText={texts.test} variant="footer">
      <SpaceBetween size="s">
        <Editor value={event} onChange={setEvent} language="json" label={texts.testEvent} lines={14} />
        <SpaceBetween direction="horizontal" size="s" alignItems="center">
          <CliCommand
            command={shellWords('aws', 'events', 'test-event-pattern', '--event-pattern', pattern, '--event', event)}
          />
          <Button formAction="none" loading={test.isPending} onClick={() => test.mutate()}>
            {texts.testRun}
          </Button>
          <span aria-live="polite">
            {test.data && !test.isPending && (
              <StatusIndicator type={test.data.Result ? 'success' : 'stopped'}>
                {test.data.Result ? texts.testYes : texts.testNo}
              </StatusIndicator>
            )}
          </span>
        </SpaceBetween>
        {test.error && <Failed error={test.error} />}
      </SpaceBetween>
    </ExpandableSection>
  )
}

function sample(): string {
  const { account = '000000000000', region = 'us-east-1' } = signedIn() ?? {}
  const event = {
    version: '0',
    id: '51c0891d-0e34-45b1-83d6-95db273d1602',
    'detail-type': 'EC2 Command Status-change Notification',
    source: 'aws.ssm',
    account,
    time: new Date().toISOString(),
    region,
    resources: [],
    detail: {
      'command-id': 'e8d3c0e4-71f7-4491-898f-c9b35bee5f3b',
      'document-name': 'AWS-RunShellScript',
      status: 'Failed',
    },
  }
  return JSON.stringify(event, null, 2)
}
