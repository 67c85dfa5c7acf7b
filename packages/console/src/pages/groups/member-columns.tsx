import { ConsoleLink } from '#components/console-link.tsx'
import type { Column } from '#components/table/column.ts'
import { groups } from '#texts/groups.ts'
import { typeText } from './query-fields.tsx'
import type { Member } from './read-groups.ts'
import { resourceName, resourcePage } from './resource-page.ts'

const { members: texts } = groups

export const arnOf = ({ ResourceArn = '' }: Member) => ResourceArn

export const MEMBER_COLUMNS: readonly Column<Member>[] = [
  {
    id: 'name',
    header: texts.columns.name,
    cell: (member) => <ResourceLink arn={arnOf(member)} />,
    text: (member) => resourceName(arnOf(member)),
    rowHeader: true,
    width: 280,
  },
  {
    id: 'type',
    header: texts.columns.type,
    cell: ({ ResourceType = '' }) => typeText(ResourceType),
    text: ({ ResourceType = '' }) => typeText(ResourceType),
    choices: true,
    width: 200,
  },
  {
    id: 'arn',
    header: texts.columns.arn,
    cell: (member) => <span className="st-mono">{arnOf(member)}</span>,
    text: arnOf,
    width: 480,
  },
]

/** The name of something; leads to its page if it has one. */
export function ResourceLink({ arn }: { arn: string }) {
  const page = resourcePage(arn)
  return page ? <ConsoleLink to={page}>{resourceName(arn)}</ConsoleLink> : resourceName(arn)
}
