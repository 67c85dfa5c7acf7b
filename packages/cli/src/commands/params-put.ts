import type { Io } from '#io.ts'
import { apiOf, type ParameterType, parameterIfAny, textOf } from '#params/parameters.ts'

export interface PutOptions {
  readonly type?: ParameterType
  readonly secure?: boolean
  readonly description?: string
  readonly key?: string
  readonly tier?: 'Standard' | 'Advanced' | 'Intelligent-Tiering'
  readonly new?: boolean
}

/** Writes a value, from standard input if it is not said, as a new parameter or a new version. */
export async function paramsPut(io: Io, name: string, value: string | undefined, options: PutOptions): Promise<void> {
  const api = apiOf(io)
  const Value = value ?? (await textOf(io.stdin)).replace(/\r?\n$/, '')
  const asked = options.secure ? 'SecureString' : options.type
  // What is there keeps its type unless another one is asked for.
  const isThere = !options.new && asked === undefined && (await parameterIfAny(api, name)) !== undefined
  const Type = asked ?? (isThere ? undefined : 'String')
  const { Version, Tier } = await api.ssm('PutParameter', {
    Name: name,
    Value,
    Overwrite: !options.new,
    ...(Type ? { Type } : {}),
    ...(options.description === undefined ? {} : { Description: options.description }),
    ...(options.key === undefined ? {} : { KeyId: options.key }),
    ...(options.tier === undefined ? {} : { Tier: options.tier }),
  })
  io.stdout.write(`${name} is at version ${Version} (${Tier}).\n`)
}
