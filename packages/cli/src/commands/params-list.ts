import type { ssm } from '@steward/model'
import type { Wire } from '#api.ts'
import type { Io } from '#io.ts'
import { parameterTree } from '#params/parameter-tree.ts'
import { apiOf, describedUnder, pathOf } from '#params/parameters.ts'
import { ago } from '#table.ts'

/** Lists parameters as a tree, without their values. */
export async function paramsList(io: Io, path: string | undefined, options: { json?: boolean }): Promise<void> {
  const found = await describedUnder(apiOf(io), pathOf(path))
  if (options.json) io.stdout.write(`${JSON.stringify(found, null, 2)}\n`)
  else if (found.length === 0) io.stderr.write(`There is no parameter under ${pathOf(path)}.\n`)
  else io.stdout.write(parameterTree(found.map((parameter) => toLeaf(parameter, Date.now()))))
}

function toLeaf(parameter: Wire<ssm.ParameterMetadata>, now: number) {
  const changed = parameter.LastModifiedDate === undefined ? '' : ago(now - parameter.LastModifiedDate * 1000)
  return { name: parameter.Name ?? '', cells: [parameter.Type ?? '', `v${parameter.Version}`, changed] }
}
