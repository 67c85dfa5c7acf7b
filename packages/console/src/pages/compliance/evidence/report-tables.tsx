import { instant } from '#api/wire.ts'
import { Empty } from '#components/empty.tsx'
import type { Column } from '#components/table/column.ts'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { Time } from '#components/time.tsx'
import { evidence } from '#texts/evidence.ts'
import type { Report, SignOff } from './read-evidence.ts'
import { SignOffStatus } from './sign-off-status.tsx'

const { report: texts, signed } = evidence

type OfType = NonNullable<Report['Types']>[number]

export function TypesTable({ types }: { types: readonly OfType[] }) {
  return (
    <ResourceTable
      name="evidence-types"
      prefix="t-"
      variant="container"
      title={texts.types}
      columns={TYPE_COLUMNS}
      searchable={false}
      idOf={({ ComplianceType }) => ComplianceType}
      items={types}
      empty={<Empty title={texts.noTypes} />}
    />
  )
}

export function SignOffsTable({ signOffs }: { signOffs: readonly SignOff[] }) {
  return (
    <ResourceTable
      name="evidence-sign-offs"
      prefix="o-"
      variant="container"
      title={signed.title}
      columns={SIGN_OFF_COLUMNS}
      searchable={false}
      idOf={({ Signer, SignedAt }) => `${Signer} ${SignedAt}`}
      items={signOffs}
      empty={<Empty title={signed.empty.title}>{signed.empty.body}</Empty>}
    />
  )
}

function number(id: string, header: string, of: (type: OfType) => number): Column<OfType> {
  return {
    id,
    header,
    cell: (type) => of(type).toLocaleString('en'),
    text: (type) => String(of(type)),
    sort: of,
    number: true,
    width: 220,
  }
}

const TYPE_COLUMNS: readonly Column<OfType>[] = [
  {
    id: 'type',
    header: texts.typeColumns.type,
    cell: ({ ComplianceType }) => ComplianceType,
    text: ({ ComplianceType }) => ComplianceType,
    rowHeader: true,
    width: 240,
  },
  number('good', texts.typeColumns.good, ({ Compliant }) => Compliant),
  number('bad', texts.typeColumns.bad, ({ NonCompliant }) => NonCompliant),
  number('items', texts.typeColumns.items, ({ NonCompliantItems }) => NonCompliantItems),
]

const { columns: names } = signed

const SIGN_OFF_COLUMNS: readonly Column<SignOff>[] = [
  {
    id: 'by',
    header: names.by,
    cell: ({ Signer }) => Signer,
    text: ({ Signer }) => Signer,
    rowHeader: true,
    width: 300,
  },
  {
    id: 'statement',
    header: names.statement,
    cell: ({ Statement }) => <SignOffStatus state={Statement} />,
    text: ({ Statement }) => evidence.signOffs[Statement],
    width: 130,
  },
  {
    id: 'comment',
    header: names.comment,
    cell: ({ Comment }) => Comment ?? '–',
    text: ({ Comment = '' }) => Comment,
    width: 280,
  },
  {
    id: 'at',
    header: names.at,
    cell: ({ SignedAt }) => <Time at={instant(SignedAt)} />,
    text: ({ SignedAt }) => instant(SignedAt)!.toISOString(),
    width: 290,
  },
  {
    id: 'from',
    header: names.from,
    cell: ({ SourceIPAddress }) => SourceIPAddress ?? '–',
    text: ({ SourceIPAddress = '' }) => SourceIPAddress,
    hidden: true,
    width: 140,
  },
]
