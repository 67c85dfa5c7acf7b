/** What a search of entries is as SQL. Pure. */
import type { TableQuery, Token } from '#components/table/table-query.ts'

export interface Browsed {
  /** The type's table. */
  readonly table: string
  /** Attributes to show, and those that a search without an attribute looks at. */
  readonly attributes: readonly string[]
  readonly query: Pick<TableQuery, 'tokens' | 'operation' | 'sort'>
}

/** Columns of nodes that stand before the attributes, and what they are in the query. */
export const NODE_COLUMNS = { node_name: 'node.ComputerName', node_id: 't.node_id' } as const

/** One select for the entries of nodes that a search means, in its order: first what is of the node, then the attributes. */
export function browseQuery({ table, attributes, query }: Browsed): string {
  const { tokens, operation, sort } = query
  const columns = [`${NODE_COLUMNS.node_name} as node_name`, NODE_COLUMNS.node_id, ...attributes.map(columnOf)]
  const conditions = tokens.map((token) => conditionOf(token, attributes))
  return [
    `select ${columns.join(', ')}`,
    `from ${table} as t`,
    'left join instance_information as node using (node_id)',
    ...(conditions.length > 0 ? [`where ${conditions.join(`\n  ${operation} `)}`] : []),
    ...(sort ? [`order by ${columnOf(sort.column)}${sort.descending ? ' desc' : ''}`] : []),
  ].join('\n')
}

function columnOf(name: string): string {
  if (name in NODE_COLUMNS) return NODE_COLUMNS[name as keyof typeof NODE_COLUMNS]
  return `t."${name.replaceAll('"', '""')}"`
}

/** As the tables of the console search: without regard to case; what has no value is like an empty text. */
function conditionOf({ property, operator, value }: Token, attributes: readonly string[]): string {
  const columns = property === undefined ? [...Object.keys(NODE_COLUMNS), ...attributes] : [property]
  const negative = operator.startsWith('!')
  const parts = columns.map((column) => comparison(`ifnull(${columnOf(column)}, '')`, operator.replace('!', ''), value))
  const any = parts.length === 1 ? parts[0]! : `(${parts.join(' or ')})`
  return negative ? `not ${any}` : any
}

function comparison(column: string, operator: string, value: string): string {
  switch (operator) {
    case '=':
      return `${column} = ${textOf(value)} collate nocase`
    case '^':
      return `${column} like ${textOf(`${pattern(value)}%`)} escape '\\'`
    case '<':
    case '<=':
    case '>':
    case '>=':
      return `compare_versions(${column}, ${textOf(value)}) ${operator} 0`
    default:
      return `${column} like ${textOf(`%${pattern(value)}%`)} escape '\\'`
  }
}

function textOf(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}

function pattern(value: string): string {
  return value.replace(/[\\%_]/g, '\\$&')
}
