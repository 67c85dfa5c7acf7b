import { DeleteResourcePolicyCommand, type ParameterMetadata } from '@aws-sdk/client-ssm'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import { useState } from 'react'
import { ssm } from '#api/clients/ssm.ts'
import { useAct } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { ButtonLink } from '#components/button-link.tsx'
import { Confirm } from '#components/confirm.tsx'
import { Empty } from '#components/empty.tsx'
import { shellWords } from '#components/shell-words.ts'
import type { Column } from '#components/table/column.ts'
import { ListPanel } from '#components/table/list-panel.tsx'
import { useSelection } from '#components/table/resource-table.tsx'
import { parameters } from '#texts/parameters.ts'
import { ChangeSharing } from './change-sharing.tsx'
import { parameterPage } from './paths.ts'
import { ShareParameter } from './share-parameter.tsx'
import { type SharingPolicy, summaryOf, useSharing } from './sharing.ts'

const { sharing: texts } = parameters

const idOf = ({ PolicyId = '' }: SharingPolicy) => PolicyId

/** Who else may read the parameter, by its resource policies. */
export function SharingTab({ parameter }: { parameter: ParameterMetadata }) {
  const { Name = '', ARN = '', Tier } = parameter
  const read = useSharing(ARN)
  const { selected, ...selection } = useSelection(read.data, idOf)
  const [asking, setAsking] = useState<'share' | 'change' | 'stop'>()
  const close = () => setAsking(undefined)
  const [one] = selected
  const tooSmall = Tier === 'Standard'
  return (
    <>
      <ListPanel
        name="parameter-sharing"
        prefix="p."
        title={texts.title}
        description={texts.hint}
        columns={COLUMNS}
        idOf={idOf}
        read={read}
        selection={{ selected, ...selection }}
        command={shellWords('aws', 'ssm', 'get-resource-policies', '--resource-arn', ARN)}
        empty={
          tooSmall ? (
            <Empty
              title={texts.needsAdvanced}
              action={<ButtonLink to={parameterPage(Name, 'edit')}>{parameters.edit}</ButtonLink>}
            >
              {texts.needsAdvancedHint}
            </Empty>
          ) : (
            <Empty title={texts.none}>{texts.noneHint}</Empty>
          )
        }
        actions={
          <>
            <Button disabled={selected.length === 0} onClick={() => setAsking('stop')}>
              {texts.stop}
            </Button>
            <Button disabled={selected.length !== 1} onClick={() => setAsking('change')}>
              {texts.change}
            </Button>
            <Button disabled={tooSmall} onClick={() => setAsking('share')}>
              {texts.share}
            </Button>
          </>
        }
      />
      {asking === 'share' && <ShareParameter parameter={parameter} onClose={close} />}
      {asking === 'change' && one && <ChangeSharing arn={ARN} policy={one} onClose={close} />}
      {asking === 'stop' && <StopSharing arn={ARN} policies={selected} onClose={close} />}
    </>
  )
}

const COLUMNS: readonly Column<SharingPolicy>[] = [
  {
    id: 'who',
    header: texts.columns.who,
    cell: (policy) => summaryOf(policy).who,
    text: (policy) => summaryOf(policy).who,
    rowHeader: true,
    width: 340,
  },
  {
    id: 'may',
    header: texts.columns.may,
    cell: (policy) => summaryOf(policy).may,
    text: (policy) => summaryOf(policy).may,
    width: 420,
  },
  { id: 'id', header: texts.columns.id, cell: idOf, text: idOf, hidden: true, width: 320 },
]

interface StopSharingProps {
  readonly arn: string
  readonly policies: readonly SharingPolicy[]
  readonly onClose: () => void
}

function StopSharing({ arn, policies, onClose }: StopSharingProps) {
  const act = useAct(['parameters'], async () => {
    for (const { PolicyId, PolicyHash } of policies)
      await ssm().send(new DeleteResourcePolicyCommand({ ResourceArn: arn, PolicyId, PolicyHash }))
  })
  return (
    <Confirm
      title={texts.stopTitle}
      act={texts.stop}
      command={policies
        .map(({ PolicyId, PolicyHash }) =>
          shellWords(
            ...['aws', 'ssm', 'delete-resource-policy', '--resource-arn', arn],
            ...['--policy-id', PolicyId, '--policy-hash', PolicyHash],
          ),
        )
        .join('\n')}
      onConfirm={async () => {
        await act.mutateAsync(undefined)
        notify({ type: 'success', header: texts.stopped })
      }}
      onClose={onClose}
    >
      <Box>{texts.stopBody}</Box>
      <ul>
        {policies.map((policy) => (
          <li key={policy.PolicyId}>{summaryOf(policy).who}</li>
        ))}
      </ul>
    </Confirm>
  )
}
