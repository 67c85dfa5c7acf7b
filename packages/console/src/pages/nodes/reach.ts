/** For what an act is: nodes that were chosen, or all that the list is narrowed to. */
import { shellWords } from '#components/shell-words.ts'
import { type FleetNode, listCommand, type SearchInput } from './nodes-query.ts'

export interface Reach {
  readonly nodes: readonly FleetNode[]
  /** How they were found, if they are all that were. */
  readonly found?: SearchInput | undefined
}

/** The same act on each of them from a terminal; the words end with the option that names the node. */
export function commandForEach({ nodes, found }: Reach, ...words: readonly string[]): string {
  const [one, ...others] = nodes
  if (others.length === 0) return shellWords(...words, one?.InstanceId)
  return `for id in ${idsOf(nodes, found)}; do\n  ${shellWords(...words)} "$id"\ndone`
}

/** The AWS CLI reads all pages of a list; what only our own operation finds is named. */
function idsOf(nodes: readonly FleetNode[], found: SearchInput | undefined): string {
  const list = found && listCommand(found)
  if (!list?.startsWith('aws ')) return shellWords(...nodes.map(({ InstanceId }) => InstanceId))
  return `$(${list} --query 'InstanceInformationList[].InstanceId' --output text)`
}
