import Box from '@cloudscape-design/components/box'
import Modal from '@cloudscape-design/components/modal'
import { useRead } from '#api/queries.ts'
import { shellWords } from '#components/shell-words.ts'
import type { Column } from '#components/table/column.ts'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { Time } from '#components/time.tsx'
import { common } from '#texts/common.ts'
import { parameters as texts } from '#texts/parameters.ts'
import type { ListedParameter } from './parameter-columns.tsx'
import { type Reader, readersOf } from './readers.ts'

const DAYS = 90
const DAY_MS = 86_400_000

interface LastRead {
  readonly name: string
  readonly reader: Reader | undefined
}

/** When each of some parameters was last read, and which were not: they may not be needed any more. */
export function LastReads({ of, onClose }: { of: readonly ListedParameter[]; onClose: () => void }) {
  const read = useRead('parameters', ['last-reads', of.map(({ ARN }) => ARN)], (signal) => lastReads(of, signal))
  const unused = read.data?.filter(({ reader }) => !reader).length
  return (
    <Modal visible size="large" header={texts.lastReads.title} closeAriaLabel={common.close} onDismiss={onClose}>
      <ResourceTable
        name="parameter-last-reads"
        prefix="reads-"
        variant="borderless"
        title={unused === undefined ? texts.lastReads.busy : texts.lastReads.unused(unused, of.length, DAYS)}
        columns={columns}
        idOf={({ name }) => name}
        items={read.data}
        error={read.error}
        command={of
          .map(({ Name = '' }) => shellWords('npx', 'steward', 'params', 'readers', Name, '--since', `${DAYS}d`))
          .join('\n')}
        searchable={false}
        sortedBy={{ column: 'last', descending: false }}
        empty={null}
      />
      <Box variant="small" color="text-body-secondary">
        {texts.readers.hint}
      </Box>
    </Modal>
  )
}

/** One parameter after the other: each is some searches of the trail. */
async function lastReads(of: readonly ListedParameter[], signal: AbortSignal): Promise<LastRead[]> {
  const since = new Date(Date.now() - DAYS * DAY_MS)
  const found: LastRead[] = []
  for (const { Name = '', ARN = '', Type } of of) {
    const { readers } = await readersOf(ARN, Type === 'SecureString', since, signal)
    found.push({ name: Name, reader: readers[0] })
  }
  return found
}

const { columns: names } = texts

const columns: readonly Column<LastRead>[] = [
  { id: 'name', header: names.name, cell: ({ name }) => name, text: ({ name }) => name, rowHeader: true, width: 340 },
  {
    id: 'last',
    header: texts.lastReads.last,
    cell: ({ reader }) => (reader ? <Time at={reader.last} only="relative" /> : texts.lastReads.never),
    text: ({ reader }) => reader?.last.toISOString() ?? texts.lastReads.never,
    sort: ({ reader }) => reader?.last.getTime() ?? 0,
    width: 200,
  },
  {
    id: 'by',
    header: texts.lastReads.by,
    cell: ({ reader }) => reader && <span title={reader.arn}>{reader.name}</span>,
    text: ({ reader }) => reader?.arn ?? '',
  },
]
