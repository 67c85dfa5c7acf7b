import { UsageFault } from '#fault.ts'
import type { Io } from '#io.ts'
import { formatEnvFile, variableName } from '#params/env-file.ts'
import { apiOf, type Parameter, parametersUnder, pathOf } from '#params/parameters.ts'

/** Prints all parameters under a path with their values, for `params import` or for a program that reads them. */
export async function paramsExport(
  io: Io,
  path: string | undefined,
  options: { format: 'env' | 'json' },
): Promise<void> {
  const under = pathOf(path)
  const found = await parametersUnder(apiOf(io), under)
  io.stdout.write(options.format === 'env' ? asEnvFile(under, found) : asJson(found))
}

export function asJson(parameters: readonly Parameter[]): string {
  const entries = parameters.map(({ Name, Type, Value }) => [Name, { type: Type, value: Value }])
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`
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
