import type { Io } from '#io.ts'
import { apiOf, history, versionOf } from '#params/parameters.ts'

/** Makes the value of an earlier version the latest one again: as a new version, so nothing of the history is lost. */
export async function paramsRollback(io: Io, name: string, wanted: number): Promise<void> {
  const api = apiOf(io)
  const version = versionOf(await history(api, name, true), name, wanted)
  const { Version } = await api.ssm('PutParameter', {
    Name: name,
    Value: version.Value ?? '',
    Overwrite: true,
    ...(version.Type ? { Type: version.Type } : {}),
    ...(version.KeyId ? { KeyId: version.KeyId } : {}),
    ...(version.DataType ? { DataType: version.DataType } : {}),
  })
  io.stdout.write(`${name} is at version ${Version}, with the value of version ${wanted}.\n`)
}
