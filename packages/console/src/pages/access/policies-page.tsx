import type { Policy } from '@aws-sdk/client-iam'
import Button from '@cloudscape-design/components/button'
import { useLocation } from 'wouter'
import { ConsoleLink } from '#components/console-link.tsx'
import { Empty } from '#components/empty.tsx'
import type { Column } from '#components/table/column.ts'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { Time } from '#components/time.tsx'
import { access } from '#texts/access.ts'
import { AccessFrame } from './access-frame.tsx'
import { policyPath } from './policy-links.ts'
import { isAwsManaged, usePolicies } from './reads.ts'

const texts = access.policies

const COLUMNS: readonly Column<Policy>[] = [
  {
    id: 'name',
    header: texts.name,
    rowHeader: true,
    width: 360,
    text: ({ PolicyName }) => PolicyName!,
    cell: ({ PolicyName, Arn }) => <ConsoleLink to={policyPath(Arn!)}>{PolicyName}</ConsoleLink>,
  },
  { id: 'type', header: access.permissions.type, text: typeOf, cell: typeOf, choices: true, width: 170 },
  {
    id: 'used',
    header: texts.attachments,
    number: true,
    text: ({ AttachmentCount }) => String(AttachmentCount ?? 0),
    sort: ({ AttachmentCount }) => AttachmentCount ?? 0,
    cell: ({ AttachmentCount }) => AttachmentCount ?? 0,
    width: 150,
  },
  {
    id: 'changed',
    header: texts.changed,
    text: ({ UpdateDate }) => UpdateDate?.toISOString() ?? '',
    cell: ({ UpdateDate }) => <Time at={UpdateDate} only="relative" />,
    width: 160,
  },
  { id: 'arn', header: access.arn, text: ({ Arn }) => Arn!, cell: ({ Arn }) => Arn, hidden: true },
]

function typeOf({ Arn }: Policy): string {
  return isAwsManaged(Arn) ? access.permissions.awsManaged : access.permissions.customerManaged
}

export function PoliciesPage() {
  const [, navigate] = useLocation()
  const policies = usePolicies()
  const create = () => navigate('/access/edit-policy')
  return (
    <AccessFrame section="policies">
      <ResourceTable<Policy>
        name="policies"
        variant="container"
        title={access.sections.policies}
        columns={COLUMNS}
        idOf={({ Arn }) => Arn!}
        items={policies.data}
        error={policies.error}
        retry={() => void policies.refetch()}
        reading={policies.isFetching}
        sortedBy={{ column: 'type', descending: true }}
        placeholder={texts.find}
        command="aws iam list-policies"
        empty={<Empty title={texts.empty} />}
        actions={
          <Button variant="primary" onClick={create}>
            {texts.create}
          </Button>
        }
      />
    </AccessFrame>
  )
}
