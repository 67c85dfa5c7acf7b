import {
  type AssociationDescription,
  DeleteAssociationCommand,
  StartAssociationsOnceCommand,
} from '@aws-sdk/client-ssm'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { ssm } from '#api/clients/ssm.ts'
import { useAct } from '#api/queries.ts'
import type { Params } from '#app/area.ts'
import { notify } from '#app/notifications.tsx'
import { ButtonLink } from '#components/button-link.tsx'
import { CliCommand } from '#components/cli-command.tsx'
import { Confirm } from '#components/confirm.tsx'
import { Failed } from '#components/failed.tsx'
import { Loaded } from '#components/loaded.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { PageTabs } from '#components/page-tabs.tsx'
import { shellWords } from '#components/shell-words.ts'
import { associations } from '#texts/associations.ts'
import { Details } from './details.tsx'
import { nameOf, useAssociation } from './read.ts'
import { RunsTab } from './runs-tab.tsx'
import { Summary } from './summary.tsx'
import { VersionsTab } from './versions-tab.tsx'

const { page: texts, acts } = associations

export const ABOVE = [{ text: associations.title, to: '/associations' }]

/** One association: what it keeps, when it ran and will run, and the truth about each node. */
export function AssociationPage({ params: { id = '' } }: { params: Params }) {
  const read = useAssociation(id)
  return (
    <PageFrame
      title={read.data ? nameOf(read.data) : id}
      above={ABOVE}
      actions={read.data && <Actions association={read.data} />}
    >
      <Loaded read={read}>
        {(association) => (
          <SpaceBetween size="l">
            <Summary association={association} />
            <PageTabs
              tabs={[
                { id: 'runs', label: texts.tabs.runs, content: <RunsTab association={association} /> },
                { id: 'details', label: texts.tabs.details, content: <Details association={association} /> },
                { id: 'versions', label: texts.tabs.versions, content: <VersionsTab id={id} /> },
              ]}
            />
          </SpaceBetween>
        )}
      </Loaded>
    </PageFrame>
  )
}

function Actions({ association }: { association: AssociationDescription }) {
  const [, navigate] = useLocation()
  const [deleting, setDeleting] = useState(false)
  const id = association.AssociationId!
  const name = nameOf(association)
  const apply = useAct(['associations'], () => ssm().send(new StartAssociationsOnceCommand({ AssociationIds: [id] })))
  const remove = useAct(['associations'], () => ssm().send(new DeleteAssociationCommand({ AssociationId: id })))
  const words = (verb: string, option: string) => shellWords('aws', 'ssm', verb, option, id)
  const applyWords = words('start-associations-once', '--association-ids')
  return (
    <SpaceBetween direction="horizontal" size="xs">
      {apply.error && <Failed error={apply.error} />}
      <CliCommand command={[words('describe-association', '--association-id'), applyWords].join('\n')} />
      <Button onClick={() => setDeleting(true)}>{acts.remove}</Button>
      <ButtonLink to={`/associations/${id}/edit`}>{acts.edit}</ButtonLink>
      <Button
        variant="primary"
        loading={apply.isPending}
        onClick={() =>
          apply.mutate(undefined, { onSuccess: () => notify({ type: 'success', header: acts.applied(name) }) })
        }
      >
        {acts.apply}
      </Button>
      {deleting && (
        <Confirm
          title={acts.removeTitle(name)}
          act={acts.remove}
          command={words('delete-association', '--association-id')}
          onConfirm={async () => {
            await remove.mutateAsync(undefined)
            notify({ type: 'success', header: acts.removed(name) })
            navigate('/associations')
          }}
          onClose={() => setDeleting(false)}
        >
          {acts.removeBody}
        </Confirm>
      )}
    </SpaceBetween>
  )
}
