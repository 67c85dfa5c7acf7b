import Badge from '@cloudscape-design/components/badge'
import Box from '@cloudscape-design/components/box'
import Icon from '@cloudscape-design/components/icon'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { FoundParameter, ParameterFolder } from '@steward/model/generated/steward.ts'
import { instant, type Wire } from '#api/wire.ts'
import { ConsoleLink } from '#components/console-link.tsx'
import type { Column } from '#components/table/column.ts'
import { Time } from '#components/time.tsx'
import { parameters } from '#texts/parameters.ts'
import { folderPage, lastPart, parameterPage } from './paths.ts'

export type ListedParameter = Wire<FoundParameter>

/** A row: a parameter, or a path below the one that is looked at. */
export type Row =
  | { readonly parameter: ListedParameter; readonly folder?: undefined }
  | { readonly folder: Wire<ParameterFolder>; readonly parameter?: undefined }

export function idOfRow({ folder, parameter }: Row): string {
  return folder ? `${folder.Path}/` : parameter.Name!
}

const { columns: names } = parameters

/** A column that folders leave empty. */
function ofParameter(
  column: Omit<Column<ListedParameter>, 'cell' | 'text'> & {
    readonly text: (parameter: ListedParameter) => string
    readonly cell?: Column<ListedParameter>['cell']
  },
): Column<Row> {
  const { cell = column.text, text, id, header, number, hidden, width } = column
  return {
    id,
    header,
    cell: ({ parameter }) => parameter && cell(parameter),
    text: ({ parameter }) => (parameter ? text(parameter) : ''),
    ...(number && { number }),
    ...(hidden && { hidden }),
    ...(width && { width }),
  }
}

/** The columns; by level the names are shown without what they lie in. The ids are what the server sorts by. */
export function parameterColumns(byLevel: boolean): readonly Column<Row>[] {
  return [
    {
      id: 'Name',
      header: names.name,
      cell: (row) => <NameCell row={row} byLevel={byLevel} />,
      text: ({ folder, parameter }) => folder?.Path ?? parameter?.Name ?? '',
      rowHeader: true,
      width: 300,
    },
    ofParameter({
      id: 'Type',
      header: names.type,
      text: ({ Type = '' }) => Type,
      cell: ({ Type = '' }) => <TypeName type={Type} />,
      width: 150,
    }),
    ofParameter({ id: 'Tier', header: names.tier, text: ({ Tier = '' }) => Tier, width: 110 }),
    ofParameter({
      id: 'Version',
      header: names.version,
      text: ({ Version = 0 }) => String(Version),
      number: true,
      width: 115,
    }),
    ofParameter({
      id: 'LastModifiedDate',
      header: names.changed,
      text: ({ LastModifiedDate }) => instant(LastModifiedDate)?.toISOString() ?? '',
      cell: ({ LastModifiedDate }) => <Time at={instant(LastModifiedDate)} only="relative" />,
      width: 150,
    }),
    ofParameter({
      id: 'LastModifiedUser',
      header: names.user,
      text: ({ LastModifiedUser = '' }) => LastModifiedUser,
      cell: ({ LastModifiedUser }) => <Person arn={LastModifiedUser} />,
      width: 160,
    }),
    ofParameter({
      id: 'Description',
      header: names.description,
      text: ({ Description = '' }) => Description,
      width: 280,
    }),
    ofParameter({
      id: 'DataType',
      header: names.dataType,
      text: ({ DataType = '' }) => DataType,
      hidden: true,
      width: 140,
    }),
    ofParameter({ id: 'KeyId', header: names.key, text: ({ KeyId = '' }) => KeyId, hidden: true, width: 240 }),
  ]
}

function NameCell({ row: { folder, parameter }, byLevel }: { row: Row; byLevel: boolean }) {
  if (folder) {
    return (
      <SpaceBetween direction="horizontal" size="xs" alignItems="center">
        <Icon name="folder" />
        <ConsoleLink to={folderPage(folder.Path)}>{`${lastPart(folder.Path)}/`}</ConsoleLink>
        <Box variant="small" color="text-body-secondary">
          {parameters.inside(folder.ParameterCount)}
        </Box>
      </SpaceBetween>
    )
  }
  const { Name = '', Policies = [] } = parameter
  const expires = Policies.some(({ PolicyType }) => PolicyType === 'Expiration')
  return (
    <SpaceBetween direction="horizontal" size="xs" alignItems="center">
      <ConsoleLink to={parameterPage(Name)}>{byLevel ? lastPart(Name) : Name}</ConsoleLink>
      {expires && <Badge>{parameters.expires}</Badge>}
    </SpaceBetween>
  )
}

/** The type, with a lock where the value is encrypted. */
export function TypeName({ type }: { type: string }) {
  if (type !== 'SecureString') return <>{type}</>
  return (
    <span className="st-nowrap">
      <Icon name="lock-private" size="small" /> {type}
    </span>
  )
}

/** Who did it, by the last part of the ARN. */
export function Person({ arn = '' }: { arn?: string | undefined }) {
  return <span title={arn}>{arn.replace(/^.*[/:]/, '')}</span>
}
