import './documents.css'
import type { DocumentIdentifier } from '@aws-sdk/client-ssm'
import Box from '@cloudscape-design/components/box'
import { ConsoleLink } from '#components/console-link.tsx'
import type { Column } from '#components/table/column.ts'
import { Time } from '#components/time.tsx'
import { documents } from '#texts/documents.ts'
import { documentPath, shortName } from './document-name.ts'
import { FavouriteStar } from './favourite-star.tsx'
import { ownerText } from './owner.ts'

const { fields } = documents

export const documentColumns: readonly Column<DocumentIdentifier>[] = [
  {
    id: 'name',
    header: fields.name,
    cell: ({ Name }) => (
      <span className="st-starred">
        <FavouriteStar name={Name!} />
        <ConsoleLink to={documentPath(Name!)}>{shortName(Name!)}</ConsoleLink>
      </span>
    ),
    text: ({ Name }) => shortName(Name!),
    rowHeader: true,
    width: 330,
  },
  text('type', ({ DocumentType }) => DocumentType, { choices: true, width: 120 }),
  {
    id: 'platforms',
    header: fields.platforms,
    cell: ({ PlatformTypes }) => (PlatformTypes?.length === 3 ? documents.everywhere : platformsText(PlatformTypes)),
    text: ({ PlatformTypes }) => platformsText(PlatformTypes),
    choices: true,
    width: 160,
  },
  { ...text('owner', ownerText, { choices: true, width: 110 }) },
  { ...text('version', ({ DocumentVersion }) => DocumentVersion, { width: 110 }), number: true, sort: versionNumber },
  text('versionName', ({ VersionName }) => VersionName, { hidden: true }),
  text('displayName', ({ DisplayName }) => DisplayName, { hidden: true }),
  text('format', ({ DocumentFormat }) => DocumentFormat, { choices: true, hidden: true }),
  text('schemaVersion', ({ SchemaVersion }) => SchemaVersion, { choices: true, hidden: true }),
  text('targetType', ({ TargetType }) => TargetType, { choices: true, hidden: true }),
  text('review', ({ ReviewStatus }) => ReviewStatus, { choices: true, hidden: true }),
  {
    id: 'created',
    header: fields.created,
    cell: ({ CreatedDate }) => <Time at={CreatedDate} only="relative" />,
    text: ({ CreatedDate }) => CreatedDate?.toISOString() ?? '',
    width: 150,
  },
  {
    id: 'tags',
    header: fields.tags,
    cell: ({ Tags = [] }) => tagsText(Tags),
    text: ({ Tags = [] }) => tagsText(Tags),
    choices: true,
    width: 220,
  },
]

/** Platforms as people write them. */
export function platformsText(platforms: readonly string[] | undefined): string {
  return (platforms ?? []).map((platform) => (platform === 'MacOS' ? 'macOS' : platform)).join(', ')
}

function text(
  id: keyof typeof fields,
  of: (document: DocumentIdentifier) => string | undefined,
  more: Partial<Column<DocumentIdentifier>>,
): Column<DocumentIdentifier> {
  const cell = (document: DocumentIdentifier) => of(document) || <Box color="text-status-inactive">–</Box>
  return { id, header: fields[id], cell, text: (document) => of(document) ?? '', ...more }
}

function versionNumber({ DocumentVersion }: DocumentIdentifier): number {
  return Number(DocumentVersion)
}

function tagsText(tags: readonly { Key: string | undefined; Value: string | undefined }[]): string {
  return tags.map(({ Key, Value }) => `${Key}=${Value}`).join(', ')
}
