import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import type { KeyValuePairsProps } from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import { instant } from '#api/wire.ts'
import { CliCommand } from '#components/cli-command.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { Copyable } from '#components/copyable.tsx'
import { Editor } from '#components/editor/editor.tsx'
import { Loaded } from '#components/loaded.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { Properties } from '#components/properties.tsx'
import { shellWords } from '#components/shell-words.ts'
import { Time } from '#components/time.tsx'
import { audit } from '#texts/audit.ts'
import { type FoundRecord, whoOf } from './audit-columns.tsx'
import { Outcome } from './outcome.tsx'
import { ResourceLink } from './resource-link.tsx'
import { Thread } from './thread.tsx'

const { record: texts } = audit

/** One call, and the thread of what came of it. */
export function RecordPage({ params: { id = '' } }: { params: { id?: string } }) {
  const read = useRead('commands', ['thread', id], (signal) => steward('TraceAuditRecord', { EventId: id }, signal), {
    keepLast: false,
  })
  const title = read.data?.Record?.EventName ?? id
  return (
    <PageFrame
      title={title}
      above={[{ text: audit.title, to: '/audit' }]}
      actions={<CliCommand command={shellWords('npx', 'steward', 'audit', 'search', '--event', id, '--json')} />}
    >
      <Loaded read={read}>
        {(thread) => (
          <SpaceBetween size="l">
            <Overview record={thread.Record ?? {}} />
            <Thread thread={thread} />
            <Content record={thread.Record ?? {}} />
          </SpaceBetween>
        )}
      </Loaded>
    </PageFrame>
  )
}

function Overview({ record }: { record: FoundRecord }) {
  const { Principal, Resources = [], ErrorCode, ErrorMessage } = record
  const facts: KeyValuePairsProps.Pair[] = [
    { label: texts.when, value: <Time at={instant(record.EventTime)} /> },
    { label: texts.outcome, value: <Outcome outcome={record.Outcome} code={ErrorCode} /> },
    { label: texts.who, value: <Search property="principal" value={whoOf(Principal)} /> },
    { label: texts.from, value: <Search property="ip" value={record.SourceIpAddress} /> },
    { label: texts.key, value: <Search property="key" value={Principal?.AccessKeyId} /> },
    { label: texts.region, value: record.Region ?? '–' },
  ]
  const details: KeyValuePairsProps.Pair[] = [
    { label: texts.whoFull, value: Principal?.Arn ? <Copyable text={Principal.Arn} /> : '–' },
    { label: texts.client, value: record.UserAgent ?? '–' },
    { label: texts.request, value: record.RequestId ? <Copyable text={record.RequestId} /> : '–' },
    { label: texts.event, value: <Copyable text={record.EventId ?? ''} /> },
  ]
  if (Resources.length > 0) details.unshift({ label: texts.resources, value: <Named resources={Resources} /> })
  if (ErrorCode || ErrorMessage)
    details.unshift({ label: texts.error, value: [ErrorCode, ErrorMessage].filter(Boolean).join(': ') })
  return (
    <Container header={<Header variant="h2">{texts.overview}</Header>}>
      <SpaceBetween size="l">
        <Properties columns={3} items={facts} />
        <Properties columns={2} items={details} />
      </SpaceBetween>
    </Container>
  )
}

function Named({ resources }: { resources: NonNullable<FoundRecord['Resources']> }) {
  return (
    <SpaceBetween size="xxs">
      {resources.map((one) => (
        <ResourceLink key={one.Arn} resource={one} />
      ))}
    </SpaceBetween>
  )
}

/** A value that leads to all calls that have it. */
function Search({ property, value }: { property: string; value: string | undefined }) {
  if (!value || value === '–') return <>–</>
  const query = new URLSearchParams({ view: 'all', f: `${property}~=~${value}` })
  return <ConsoleLink to={`/audit?${query}`}>{value}</ConsoleLink>
}

function Content({ record: { Record = '{}' } }: { record: FoundRecord }) {
  return (
    <Container
      header={
        <Header variant="h2" description={texts.contentHint}>
          {texts.content}
        </Header>
      }
    >
      <Editor value={JSON.stringify(JSON.parse(Record), null, 2)} language="json" label={texts.content} />
    </Container>
  )
}
