import type { Role } from '@aws-sdk/client-iam'
import Button from '@cloudscape-design/components/button'
import { useLocation } from 'wouter'
import { useRoles } from '#api/principals.ts'
import { ConsoleLink } from '#components/console-link.tsx'
import { Empty } from '#components/empty.tsx'
import type { Column } from '#components/table/column.ts'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { Time } from '#components/time.tsx'
import { access } from '#texts/access.ts'
import { common } from '#texts/common.ts'
import { AccessFrame } from './access-frame.tsx'
import { decodedDocument, holderPath } from './holder.ts'
import { trustedBy } from './trust.ts'

const texts = access.roles

const COLUMNS: readonly Column<Role>[] = [
  {
    id: 'name',
    header: texts.name,
    rowHeader: true,
    width: 260,
    text: ({ RoleName }) => RoleName!,
    cell: ({ RoleName }) => <ConsoleLink to={holderPath({ kind: 'role', name: RoleName! })}>{RoleName}</ConsoleLink>,
  },
  { id: 'trusts', header: texts.trusts, text: trustsOf, cell: trustsOf, width: 240 },
  {
    id: 'used',
    header: texts.lastUsed,
    text: ({ RoleLastUsed }) => RoleLastUsed?.LastUsedDate?.toISOString() ?? '',
    cell: ({ RoleLastUsed }) =>
      RoleLastUsed?.LastUsedDate ? <Time at={RoleLastUsed.LastUsedDate} only="relative" /> : common.never,
    width: 160,
    hidden: true,
  },
  {
    id: 'description',
    header: access.description,
    text: ({ Description }) => Description ?? '',
    cell: ({ Description }) => Description || '–',
    width: 240,
  },
  {
    id: 'created',
    header: access.created,
    text: ({ CreateDate }) => CreateDate!.toISOString(),
    cell: ({ CreateDate }) => <Time at={CreateDate} only="relative" />,
    width: 160,
  },
  { id: 'path', header: access.path, text: ({ Path }) => Path!, cell: ({ Path }) => Path, choices: true, hidden: true },
  { id: 'arn', header: access.arn, text: ({ Arn }) => Arn!, cell: ({ Arn }) => Arn, hidden: true },
]

function trustsOf({ AssumeRolePolicyDocument }: Role): string {
  return trustedBy(decodedDocument(AssumeRolePolicyDocument)).join(', ')
}

export function RolesPage() {
  const [, navigate] = useLocation()
  const roles = useRoles()
  const create = () => navigate('/access/create-role')
  return (
    <AccessFrame section="roles">
      <ResourceTable<Role>
        name="roles"
        variant="container"
        title={access.sections.roles}
        columns={COLUMNS}
        idOf={({ RoleName }) => RoleName!}
        items={roles.data}
        error={roles.error}
        retry={() => void roles.refetch()}
        reading={roles.isFetching}
        sortedBy={{ column: 'name', descending: false }}
        placeholder={texts.find}
        command="aws iam list-roles"
        empty={
          <Empty title={texts.empty} action={<Button onClick={create}>{texts.create}</Button>}>
            {texts.emptyHint}
          </Empty>
        }
        actions={
          <Button variant="primary" onClick={create}>
            {texts.create}
          </Button>
        }
      />
    </AccessFrame>
  )
}
