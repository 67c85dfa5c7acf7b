import type { NodeTable } from './tables.ts'

/** The columns that free text is looked for in, besides the node's id and its tags. */
type SearchedColumns = Pick<
  NodeTable,
  | 'name'
  | 'computer_name'
  | 'ip_address'
  | 'platform_type'
  | 'platform_name'
  | 'platform_version'
  | 'agent_name'
  | 'agent_version'
>

/** What is known of a node as one text in lower case: one look finds a word in any of it. */
export function searchText(node: SearchedColumns): string {
  return [
    node.name,
    node.computer_name,
    node.ip_address,
    node.platform_type,
    node.platform_name,
    node.platform_version,
    node.agent_name,
    node.agent_version,
  ]
    .filter((text) => text !== null)
    .join('\n')
    .toLowerCase()
}

/** Words that are looked for, each in its own right: `web prod` finds what has both, wherever. */
export function wordsOf(query: string): string[] {
  return [...new Set(query.toLowerCase().split(/\s+/).filter(Boolean))].slice(0, WORDS_AT_MOST)
}

const WORDS_AT_MOST = 10
