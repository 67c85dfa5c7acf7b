import { UsageFault } from '#fault.ts'
import type { Io } from '#io.ts'
import { formatEnvFile, variableName } from '#params/env-file.ts'
import { toJson } from '#params/parameter-file.ts'
import { apiOf, describedUnder, type Parameter, parametersUnder, pathOf } from '#params/parameters.ts'

/** Prints all parameters under a path with their values, for `params import` or for a program that reads them. */
export async function paramsExport(
  io: Io,
  path: string | undefined,
  options: { format: 'env' | 'json' },
): Promise<void> {
  const under = pathOf(path)
  const api = apiOf(io)
  const found = await parametersUnder(api, under)
  if (options.format === 'env') return void io.stdout.write(asEnvFile(under, found))
  const described = await describedUnder(api, under)
  io.stdout.write(toJson(found, new Map(described.map((parameter) => [parameter.Name ?? '', parameter]))))
}

/** Two parameters may come to the same variable, and then one would be lost. */
export function asEnvFile(path: string, parameters: readonly Parameter[]): string {
  const variables = new Map<string, string>()
  for (const { Name = '', Value = '' } of parameters) {
    const name = variableName(path, Name)
    if (variables.has(name)) throw new UsageFault(`Two parameters come to the variable ${name}. Use --format json.`)
    variables.set(name, Value)
  }
  return formatEnvFile([...variables].map(([name, value]) => ({ name, value })))
}
