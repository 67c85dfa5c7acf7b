import {
  type Association,
  CreateAssociationCommand,
  DeleteAssociationCommand,
  ListAssociationsCommand,
} from '@aws-sdk/client-ssm'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { useState } from 'react'
import { ssm } from '#api/clients/ssm.ts'
import { useAct, useRead } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { CliCommand } from '#components/cli-command.tsx'
import { Confirm } from '#components/confirm.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { Loaded } from '#components/loaded.tsx'
import { settings } from '#texts/settings.ts'

const { agents: texts } = settings

/**
 * The association whose existence is the switch, named and made as AWS's console does (AGT-15). Mirrors
 * `packages/cli/src/commands/node-auto-update.ts`.
 */
const UPDATES = {
  AssociationName: 'SystemAssociationForSsmAgentUpdates',
  Name: 'AWS-UpdateSSMAgent',
  Targets: [{ Key: 'InstanceIds', Values: ['*'] }],
  ScheduleExpression: 'rate(14 days)',
}

/** Whether the agents of all nodes are updated by themselves, and the switch. */
export function AgentUpdates() {
  const read = useRead('associations', ['agent-updates'], async (abortSignal) => {
    const input = { AssociationFilterList: [{ key: 'AssociationName' as const, value: UPDATES.AssociationName }] }
    const { Associations = [] } = await ssm().send(new ListAssociationsCommand(input), { abortSignal })
    return { association: Associations[0] }
  })
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={texts.description}
          actions={read.data && <Switch association={read.data.association} />}
        >
          {texts.title}
        </Header>
      }
    >
      <Loaded read={read}>{({ association }) => <State association={association} />}</Loaded>
    </Container>
  )
}

function State({ association }: { association: Association | undefined }) {
  if (!association) return <StatusIndicator type="stopped">{texts.off}</StatusIndicator>
  return (
    <SpaceBetween direction="horizontal" size="m">
      <StatusIndicator type="success">{texts.on(association.ScheduleExpression ?? '')}</StatusIndicator>
      <ConsoleLink to={`/associations/${association.AssociationId}`}>{texts.runs}</ConsoleLink>
    </SpaceBetween>
  )
}

function Switch({ association }: { association: Association | undefined }) {
  const [asking, setAsking] = useState(false)
  const turn = useAct(['associations'], async () => {
    const AssociationId = association?.AssociationId
    if (AssociationId === undefined) await ssm().send(new CreateAssociationCommand(UPDATES))
    else await ssm().send(new DeleteAssociationCommand({ AssociationId }))
  })
  const to = association ? 'off' : 'on'
  const command = `npx steward node auto-update ${to}`
  const words = texts.turn[to]
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <CliCommand command={command} />
      <Button onClick={() => setAsking(true)}>{words.act}</Button>
      {asking && (
        <Confirm
          title={words.title}
          act={words.act}
          command={command}
          onConfirm={async () => {
            await turn.mutateAsync(undefined)
            notify({ type: 'success', header: words.done })
          }}
          onClose={() => setAsking(false)}
        >
          {words.body}
        </Confirm>
      )}
    </SpaceBetween>
  )
}
