import { Fault } from '#fault.ts'
import type { Io } from '#io.ts'
import { apiOf, parameterIfAny } from '#params/parameters.ts'

/** Prints a value, decrypted, and nothing else, so that scripts can use it. */
export async function paramsGet(io: Io, name: string, options: { json?: boolean }): Promise<void> {
  const parameter = await parameterIfAny(apiOf(io), name)
  if (!parameter) throw new Fault(`There is no parameter ${name}.`, { exitCode: 1 })
  io.stdout.write(options.json ? `${JSON.stringify(parameter, null, 2)}\n` : `${parameter.Value ?? ''}\n`)
}
