import { useMemo } from 'react'
import { ConsoleLink } from '#components/console-link.tsx'
import type { Column } from '#components/table/column.ts'
import { useNodeNames } from '#pages/sessions/node-link.tsx'
import { groups } from '#texts/groups.ts'
import { typeText } from './query-fields.tsx'
import type { Member } from './read-groups.ts'
import { nodeOfArn, resourceName, resourcePage } from './resource-page.ts'

const { members: texts } = groups

export const arnOf = ({ ResourceArn = '' }: Member) => ResourceArn

/** Columns of members, whose nodes have their names. */
export function useMemberColumns(members: readonly Member[] | undefined): readonly Column<Member>[] {
  const nameOf = useResourceNames((members ?? []).map(arnOf))
  return useMemo(() => [nameColumn(arnOf, nameOf), ...COLUMNS], [nameOf])
}

/** The name of something; leads to its page if it has one. */
export function nameColumn<T>(arn: (item: T) => string, nameOf: (arn: string) => string): Column<T> {
  return {
    id: 'name',
    header: texts.columns.name,
    cell: (item) => <ResourceLink to={resourcePage(arn(item))} name={nameOf(arn(item))} />,
    text: (item) => nameOf(arn(item)),
    rowHeader: true,
    width: 280,
  }
}

/** How resources are called: nodes by their own names, as far as the person may see them. */
export function useResourceNames(arns: readonly string[]): (arn: string) => string {
  const names = useNodeNames(arns.map(nodeOfArn))
  return useMemo(() => (arn) => names.get(nodeOfArn(arn) ?? '') ?? resourceName(arn), [names])
}

function ResourceLink({ to, name }: { to: string | undefined; name: string }) {
  return to ? <ConsoleLink to={to}>{name}</ConsoleLink> : <bdi>{name}</bdi>
}

const COLUMNS: readonly Column<Member>[] = [
  {
    id: 'type',
    header: texts.columns.type,
    cell: ({ ResourceType = '' }) => typeText(ResourceType),
    text: ({ ResourceType = '' }) => typeText(ResourceType),
    choices: true,
    width: 160,
  },
  {
    id: 'arn',
    header: texts.columns.arn,
    cell: (member) => <span className="st-mono">{arnOf(member)}</span>,
    text: arnOf,
    width: 480,
  },
]
