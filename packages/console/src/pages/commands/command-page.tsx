import type { Command } from '@aws-sdk/client-ssm'
import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Tabs from '@cloudscape-design/components/tabs'
import { useSearchParams } from 'wouter'
import type { Params } from '#app/area.ts'
import { CommandStatus } from '#components/command-status.tsx'
import { Empty } from '#components/empty.tsx'
import { Loaded } from '#components/loaded.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { commands } from '#texts/commands.ts'
import { CommandActions } from './command-actions.tsx'
import { Details } from './details.tsx'
import { Matrix } from './matrix.tsx'
import { Outputs } from './outputs.tsx'
import { Summary } from './summary.tsx'
import { useCommand } from './use-command.ts'

export const ABOVE = [{ text: commands.title, to: '/commands' }]

/** One command: what it is, how far it is, what each node says. */
export function CommandPage({ params }: { params: Params }) {
  const id = params.id!
  const read = useCommand(id)
  if (read.data) return <Found key={id} command={read.data} />
  return (
    <PageFrame title={id} above={ABOVE}>
      <Loaded read={read}>{() => <Empty title={commands.command.gone} />}</Loaded>
    </PageFrame>
  )
}

const TABS = ['nodes', 'outputs', 'details'] as const

function Found({ command }: { command: Command }) {
  const [search, setSearch] = useSearchParams()
  const id = command.CommandId!
  const tab = TABS.find((one) => one === search.get('tab')) ?? 'nodes'
  const contents = {
    nodes: <Matrix id={id} />,
    outputs: <Outputs id={id} />,
    details: <Details command={command} />,
  }
  return (
    <PageFrame
      title={command.DocumentName ?? id}
      info={
        <Box display="inline-block" padding={{ left: 'xs' }}>
          <CommandStatus details={command.StatusDetails} />
        </Box>
      }
      description={command.Comment}
      above={ABOVE}
      actions={<CommandActions command={command} />}
    >
      <SpaceBetween size="l">
        <Container>
          <Summary command={command} />
        </Container>
        <Tabs
          activeTabId={tab}
          onChange={({ detail }) => setSearch(detail.activeTabId === 'nodes' ? {} : { tab: detail.activeTabId })}
          tabs={TABS.map((one) => ({
            id: one,
            label: commands.command.tabs[one],
            content: tab === one && contents[one],
          }))}
        />
      </SpaceBetween>
    </PageFrame>
  )
}
