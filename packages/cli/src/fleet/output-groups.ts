import type { InvocationResult } from './invocation-result.ts'
import type { NodeOutputs, OutputText } from './node-outputs.ts'

/** Nodes on which a command ended the same way with the same output. */
export interface OutputGroup {
  readonly results: readonly InvocationResult[]
  readonly output: OutputText
}

/** The largest group first; within one size those that failed first. */
export function groupOutputs(results: readonly InvocationResult[], outputs: NodeOutputs): OutputGroup[] {
  const groups = new Map<string, { results: InvocationResult[]; output: OutputText }>()
  for (const result of results) {
    const output = outputs.of(result.nodeId)
    const key = `${result.status}/${result.statusDetails}/${result.responseCode}/${output.digest}`
    const group = groups.get(key)
    if (group) group.results.push(result)
    else groups.set(key, { results: [result], output })
  }
  const failed = ({ results }: OutputGroup) => Number(results[0]!.status !== 'Success')
  return [...groups.values()].sort((a, b) => b.results.length - a.results.length || failed(b) - failed(a))
}

const NAMED = 8

/** Each group under a heading that says how many and which. */
export function renderGroups(groups: readonly OutputGroup[], commandId: string): string {
  return groups.map((group) => renderGroup(group, commandId)).join('\n')
}

function renderGroup({ results, output: { text, missing } }: OutputGroup, commandId: string): string {
  const [first] = results
  const heading = results.length === 1 ? `1 node, ${ending(first!)}:` : `${results.length} nodes, ${ending(first!)}:`
  const names = results.slice(0, NAMED).map(({ nodeId }) => nodeId)
  const more = results.length > NAMED ? ` and ${results.length - NAMED} more` : ''
  const body = text === '' ? '(no output)\n' : text.endsWith('\n') ? text : `${text}\n`
  const cut = missing > 0 ? `… and ${missing} characters more: steward logs ${commandId} --node ${first!.nodeId}\n` : ''
  return `${heading} ${names.join(', ')}${more}\n${body}${cut}`
}

/** How it ended, in words: `Failed, exit code 3`. */
export function ending({ status, statusDetails, responseCode }: InvocationResult): string {
  const detail = statusDetails !== status ? `${status} (${statusDetails})` : status
  return status === 'Failed' && responseCode > 0 ? `${detail}, exit code ${responseCode}` : detail
}
