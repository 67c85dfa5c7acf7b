import { spawnSync } from 'node:child_process'
import { documentContent } from '../../content.ts'
import { typedParameters } from '../../parameters.ts'
import { PREDEFINED } from '../index.ts'

/** The shells of this machine, each with the words that start it. */
export const SHELLS = [['sh'], ['bash', '--posix'], ['busybox', 'sh']].filter(
  ([program]) => spawnSync(program!, ['-c', 'true']).status === 0 || spawnSync(program!, ['true']).status === 0,
)

/** The last step's script as agents make it from a document and parameters that the server let pass. */
export function scriptOf(name: string, supplied: Record<string, string[]>): string {
  const { type, versions } = PREDEFINED.get(name)!
  const content = JSON.parse(versions.at(-1)!.content)
  const { parameters = [] } = documentContent(type, 'JSON', versions.at(-1)!.content)
  const source: Record<string, string[]> =
    'SourceType' in content.parameters ? { SourceType: ['S3'], SourceInfo: ['{}'] } : {}
  const values = typedParameters(name, parameters, { ...source, ...supplied })
  const lines: string[] = content.mainSteps.at(-1).inputs.runCommand
  const textOf = (name: string) => {
    const value = values[name] ?? content.parameters[name].default
    return typeof value === 'string' ? value : JSON.stringify(value)
  }
  const filled = (line: string) =>
    line.replace(/\{\{ (\w+) \}\}/g, (reference, name: string) =>
      line === reference ? textOf(name) : textOf(name).replaceAll('$$', () => '$'),
    )
  return lines.map(filled).join('\n')
}
