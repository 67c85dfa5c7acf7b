import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { Sha256 } from '@smithy/core/checksum'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { useAct } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import type { Params } from '#app/area.ts'
import { notify } from '#app/notifications.tsx'
import { BigNumber } from '#components/big-number.tsx'
import { CliCommand } from '#components/cli-command.tsx'
import { Confirm } from '#components/confirm.tsx'
import { Failed } from '#components/failed.tsx'
import { Loaded } from '#components/loaded.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { saveFile } from '#components/save-file.ts'
import { shellWords } from '#components/shell-words.ts'
import { compliance } from '#texts/compliance.ts'
import { evidence } from '#texts/evidence.ts'
import { download, type Report, useReport } from './read-evidence.ts'
import { ReportFacts } from './report-facts.tsx'
import { SignOffsTable, TypesTable } from './report-tables.tsx'
import { SignReport } from './sign-report.tsx'

const { report: texts } = evidence

/** One evidence report: what it says in numbers, its files, who signed it. */
export function ReportPage({ params: { id = '' } }: { params: Params }) {
  const read = useReport(id)
  const report = read.data?.Report
  return (
    <PageFrame
      title={report?.Name ?? evidence.title}
      above={[
        { text: compliance.title, to: '/compliance' },
        { text: evidence.title, to: '/compliance/evidence' },
      ]}
      actions={report && <Acts report={report} />}
    >
      <Loaded read={read}>
        {({ Report: shown, SignOffs }) => (
          <SpaceBetween size="l">
            {shown.Status === 'Pending' && <Alert type="info">{texts.pending}</Alert>}
            {shown.Status === 'Failed' && (
              <Alert type="error" header={texts.failed}>
                {shown.StatusMessage}
              </Alert>
            )}
            {shown.Nodes && <Figures nodes={shown.Nodes} />}
            {shown.Types && <TypesTable types={shown.Types} />}
            {shown.Status === 'Complete' && <SignOffsTable signOffs={SignOffs} />}
            <ReportFacts report={shown} />
          </SpaceBetween>
        )}
      </Loaded>
    </PageFrame>
  )
}

function Figures({ nodes }: { nodes: NonNullable<Report['Nodes']> }) {
  const { figures } = texts
  return (
    <Container header={<Header variant="h2">{texts.nodes}</Header>}>
      <SpaceBetween direction="horizontal" size="xl">
        <BigNumber number={nodes.Total} of={figures.total} />
        <BigNumber number={nodes.Reporting} of={figures.reporting} />
        <BigNumber number={nodes.Compliant} of={figures.compliant} />
        <BigNumber number={nodes.NonCompliant} of={figures.failing} />
        <BigNumber number={nodes.NeverReported} of={figures.silent} />
      </SpaceBetween>
    </Container>
  )
}

function Acts({ report: { ReportId, Name, Status, Digest = '' } }: { report: Report }) {
  const [asking, setAsking] = useState<'sign' | 'delete'>()
  const save = useAct([], async (format: 'CSV' | 'PDF') => {
    const { name, type, pieces } = await download(ReportId, format)
    saveFile(name, new Blob(pieces), type)
  })
  const verify = useAct([], async () => {
    const hash = new Sha256()
    for (const piece of (await download(ReportId, 'CSV')).pieces) hash.update(piece)
    const found = Array.from(await hash.digest(), (byte) => byte.toString(16).padStart(2, '0')).join('')
    if (found === Digest) notify({ type: 'success', header: texts.verified, content: texts.verifiedBody(found) })
    else notify({ type: 'error', header: texts.changed, content: texts.verifiedBody(found) })
  })
  const error = save.error ?? verify.error
  const isComplete = Status === 'Complete'
  const close = () => setAsking(undefined)
  return (
    <SpaceBetween size="s">
      <div className="st-actions">
        <CliCommand
          command={shellWords('npx', 'steward', 'compliance', 'evidence', 'get', ReportId, '--output', 'report.csv')}
        />
        <Button onClick={() => setAsking('delete')}>{texts.remove}</Button>
        {isComplete && (
          <>
            <Button loading={verify.isPending} onClick={() => verify.mutate(undefined)}>
              {texts.verify}
            </Button>
            <Button iconName="download" loading={save.isPending} onClick={() => save.mutate('CSV')}>
              {texts.csv}
            </Button>
            <Button iconName="download" loading={save.isPending} onClick={() => save.mutate('PDF')}>
              {texts.pdf}
            </Button>
            <Button variant="primary" onClick={() => setAsking('sign')}>
              {texts.sign}
            </Button>
          </>
        )}
      </div>
      {error && <Failed error={error} />}
      {asking === 'sign' && <SignReport reportId={ReportId} digest={Digest} onClose={close} />}
      {asking === 'delete' && <DeleteReport id={ReportId} name={Name} onClose={close} />}
    </SpaceBetween>
  )
}

function DeleteReport({ id, name, onClose }: { id: string; name: string; onClose: () => void }) {
  const [, navigate] = useLocation()
  const remove = useAct([], () => steward('DeleteEvidenceReport', { ReportId: id }))
  return (
    <Confirm
      title={texts.removeTitle(name)}
      act={texts.remove}
      command={shellWords('npx', 'steward', 'compliance', 'evidence', 'delete', id)}
      onConfirm={async () => {
        await remove.mutateAsync(undefined)
        notify({ type: 'success', header: texts.removed(name) })
        navigate('/compliance/evidence')
      }}
      onClose={onClose}
    >
      {texts.removeBody}
    </Confirm>
  )
}
