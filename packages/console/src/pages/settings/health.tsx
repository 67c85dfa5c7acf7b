import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { instant } from '#api/wire.ts'
import { CliCommand } from '#components/cli-command.tsx'
import { Copyable } from '#components/copyable.tsx'
import { Loaded } from '#components/loaded.tsx'
import { Properties } from '#components/properties.tsx'
import { stewardCall } from '#components/steward-call.ts'
import { durationText, Time } from '#components/time.tsx'
import { common } from '#texts/common.ts'
import { settings } from '#texts/settings.ts'
import { bytesText } from './bytes-text.ts'
import { concerns, type ServerStatus } from './concerns.ts'
import { useServerStatus } from './server-status.ts'

const { health: texts } = settings

export function Health() {
  const read = useServerStatus()
  return (
    <Loaded read={read}>
      {(status) => (
        <SpaceBetween size="l">
          <Concerns status={status} />
          <Connections status={status} busy={read.isFetching} again={() => void read.refetch()} />
          <Server status={status} />
          <Database status={status} />
          <Listeners status={status} />
          <Retention status={status} />
        </SpaceBetween>
      )}
    </Loaded>
  )
}

function Concerns({ status }: { status: ServerStatus }) {
  const found = concerns(status, Date.now())
  if (found.length === 0) return null
  return (
    <Alert type="warning" header={settings.attention.title}>
      <SpaceBetween size="xxs">
        {found.map((sentence) => (
          <span key={sentence}>{sentence}</span>
        ))}
      </SpaceBetween>
    </Alert>
  )
}

function Server({ status }: { status: ServerStatus }) {
  const { Process = {} } = status
  return (
    <Container header={<Header variant="h2">{texts.server}</Header>}>
      <Properties
        columns={3}
        items={[
          { label: texts.version, value: status.Version },
          { label: texts.up, value: <Time at={instant(status.StartedDate)} /> },
          { label: texts.account, value: `${status.AccountId}, ${status.Region}` },
          { label: texts.url, value: status.PublicUrl ?? texts.urlUnset },
          { label: texts.runtime, value: `Node.js ${Process.NodeVersion}, ${Process.Platform}` },
          { label: texts.memory, value: bytesText(Process.ResidentBytes ?? 0) },
          { label: texts.cpu, value: durationText(1000 * (Process.CpuSeconds ?? 0)) },
          { label: texts.mail, value: status.Mail ? texts.mailOn : texts.mailOff },
          { label: texts.secrets, value: secretsText(status) },
        ]}
      />
    </Container>
  )
}

function secretsText({ SecretStore }: ServerStatus): string {
  if (!SecretStore) return texts.secretsOff
  const { Url = '', Milliseconds } = SecretStore
  return Milliseconds === undefined ? texts.secretsAway(Url) : texts.secretsAnswer(Url, shortText(Milliseconds))
}

function Database({ status: { Database: database = {}, DataDirectory = {} } }: { status: ServerStatus }) {
  const { Kind = 'sqlite', SizeBytes = 0, ReadMilliseconds = 0, WriteMilliseconds = 0 } = database
  const { FreeBytes = 0, TotalBytes = 0 } = DataDirectory
  return (
    <Container header={<Header variant="h2">{texts.database}</Header>}>
      <Properties
        columns={3}
        items={[
          { label: texts.kind, value: texts.kinds[Kind] },
          { label: texts.size, value: bytesText(SizeBytes) },
          { label: texts.read, value: shortText(ReadMilliseconds) },
          { label: texts.write, value: shortText(WriteMilliseconds) },
          { label: texts.disk, value: texts.diskFree(bytesText(FreeBytes), bytesText(TotalBytes)) },
        ]}
      />
    </Container>
  )
}

function shortText(milliseconds: number): string {
  return milliseconds < 1 ? texts.underMillisecond : durationText(milliseconds)
}

interface ConnectionsProps {
  readonly status: ServerStatus
  readonly busy: boolean
  readonly again: () => void
}

function Connections({ status: { Connections: now = {} }, busy, again }: ConnectionsProps) {
  const large = (count = 0) => (
    <Box fontSize="heading-xl" fontWeight="normal">
      <span className="st-number">{count.toLocaleString('en')}</span>
    </Box>
  )
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button iconName="refresh" ariaLabel={common.refresh} loading={busy} onClick={again} />
              <CliCommand command={stewardCall('GetServerStatus', {})} />
            </SpaceBetween>
          }
        >
          {texts.connections}
        </Header>
      }
    >
      <Properties
        columns={3}
        items={[
          { label: texts.nodes, value: large(now.Nodes) },
          { label: texts.sessions, value: large(now.Sessions) },
          { label: texts.streams, value: large(now.EventStreams) },
        ]}
      />
    </Container>
  )
}

function Listeners({ status: { Listeners: listeners = [] } }: { status: ServerStatus }) {
  return (
    <Container header={<Header variant="h2">{texts.listeners}</Header>}>
      <SpaceBetween size="l">
        {listeners.map(({ Protocol, Host, Port, Certificate }) => (
          <SpaceBetween key={Port} size="s">
            <Properties
              columns={3}
              items={[
                { label: texts.address, value: `${Protocol}://${Host}:${Port}` },
                { label: texts.encryption, value: Certificate ? texts.tls : texts.plain },
                ...(Certificate ? [{ label: texts.expires, value: <Time at={instant(Certificate.NotAfter)} /> }] : []),
              ]}
            />
            {Certificate && (
              <Properties
                columns={1}
                items={[
                  { label: texts.names, value: Certificate.SubjectAlternativeNames?.join(', ') },
                  { label: texts.fingerprint, value: <Copyable text={Certificate.Sha256Fingerprint ?? ''} /> },
                ]}
              />
            )}
          </SpaceBetween>
        ))}
      </SpaceBetween>
    </Container>
  )
}

const KEPT = [
  ['CommandDays', texts.commands, 'STEWARD_COMMAND_RETENTION_DAYS'],
  ['SessionDays', texts.sessionsKept, 'STEWARD_SESSION_RETENTION_DAYS'],
  ['RecordingDays', texts.recordings, 'STEWARD_RECORDING_RETENTION_DAYS'],
  ['AuditDays', texts.audit, 'STEWARD_AUDIT_RETENTION_DAYS'],
] as const

function Retention({ status: { Retention: kept = {} } }: { status: ServerStatus }) {
  return (
    <Container
      header={
        <Header variant="h2" description={texts.retentionHint}>
          {texts.retention}
        </Header>
      }
    >
      <Properties
        columns={4}
        items={KEPT.map(([member, label, variable]) => ({
          label,
          value: (
            <>
              {texts.days(kept[member] ?? 0)}
              <Box variant="small" color="text-body-secondary" display="block">
                {variable}
              </Box>
            </>
          ),
        }))}
      />
    </Container>
  )
}
