import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import type { PreviewedNode, PreviewTargetsResult } from '@steward/model/generated/steward.ts'
import { useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import type { Wire } from '#api/wire.ts'
import { ConsoleLink } from '#components/console-link.tsx'
import { Failed } from '#components/failed.tsx'
import { stewardCall } from '#components/steward-call.ts'
import { Waiting } from '#components/waiting.tsx'
import { commands } from '#texts/commands.ts'

const words = commands.form.preview
const SHOWN = 10

export interface PreviewOf {
  readonly InstanceIds?: readonly string[] | undefined
  readonly Targets?:
    | readonly { readonly Key?: string | undefined; readonly Values?: readonly string[] | undefined }[]
    | undefined
  readonly DocumentName?: string | undefined
  readonly DocumentVersion?: string | undefined
}

function toInput({ InstanceIds, Targets, DocumentName, DocumentVersion }: PreviewOf) {
  return {
    Action: 'ssm:SendCommand',
    ...(InstanceIds ? { InstanceIds: [...InstanceIds] } : {}),
    ...(Targets ? { Targets: Targets.map(({ Key = '', Values = [] }) => ({ Key, Values: [...Values] })) } : {}),
    ...(DocumentName ? { DocumentName, DocumentVersion } : {}),
    MaxResults: SHOWN,
  }
}

/** The same preview from a terminal. */
export function previewCommand(of: PreviewOf): string {
  return stewardCall('PreviewTargets', toInput(of))
}

/** Whom a command would reach, before it is sent. */
export function usePreview(of: PreviewOf, enabled = true) {
  const input = toInput(of)
  return useRead('nodes', ['preview', input], (signal) => steward('PreviewTargets', input, signal), { enabled })
}

export function Preview({ of, enabled = true }: { of: PreviewOf; enabled?: boolean }) {
  const read = usePreview(of, enabled)
  if (!enabled) return <Box color="text-body-secondary">{words.choose}</Box>
  if (read.error) return <Failed error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Waiting />
  return <Previewed preview={read.data} />
}

function Previewed({ preview }: { preview: Wire<PreviewTargetsResult> }) {
  const { MatchedCount: matched, OnlineCount: online, PlatformMismatchCount: mismatch = 0 } = preview
  const { RefusedCount: refused = 0, DocumentRefusal, UnknownInstanceIds: unknown, Nodes: nodes } = preview
  return (
    <SpaceBetween size="s">
      {matched === 0 ? (
        <StatusIndicator type="warning">{words.none}</StatusIndicator>
      ) : (
        <SpaceBetween direction="horizontal" size="m">
          <Box variant="strong">{words.matched(matched)}</Box>
          <StatusIndicator type="success">{words.online(online)}</StatusIndicator>
        </SpaceBetween>
      )}
      {matched > online && <StatusIndicator type="pending">{words.offline(matched - online)}</StatusIndicator>}
      {mismatch > 0 && <StatusIndicator type="warning">{words.mismatch(mismatch)}</StatusIndicator>}
      {unknown.length > 0 && <StatusIndicator type="error">{words.unknown(unknown)}</StatusIndicator>}
      {refused > 0 && (
        <Alert type="warning" header={words.refused(refused)}>
          {nodes.find(({ Allowed }) => !Allowed)?.Reason}
        </Alert>
      )}
      {DocumentRefusal && (
        <Alert type="warning" header={words.documentRefused}>
          {DocumentRefusal}
        </Alert>
      )}
      {nodes.length > 0 && (
        <ExpandableSection headerText={words.nodes}>
          <SpaceBetween size="xs">
            {nodes.map((node) => (
              <PreviewedLine key={node.InstanceId} node={node} />
            ))}
          </SpaceBetween>
        </ExpandableSection>
      )}
    </SpaceBetween>
  )
}

function PreviewedLine({ node }: { node: Wire<PreviewedNode> }) {
  const { InstanceId, Name, PingStatus, PlatformName, PlatformFits = true, Allowed, Reason } = node
  const isOnline = PingStatus === 'Online'
  return (
    <SpaceBetween direction="horizontal" size="s">
      <StatusIndicator type={isOnline ? 'success' : 'pending'} iconAriaLabel={PingStatus}>
        <ConsoleLink to={`/nodes/${InstanceId}`}>{Name || InstanceId}</ConsoleLink>
      </StatusIndicator>
      <Box color="text-body-secondary">{PlatformName}</Box>
      {!PlatformFits && <StatusIndicator type="warning">{words.fits}</StatusIndicator>}
      {!Allowed && (
        <span title={Reason}>
          <StatusIndicator type="error">{words.notAllowed}</StatusIndicator>
        </span>
      )}
    </SpaceBetween>
  )
}
