import { Api } from '#api.ts'
import { connection } from '#connection.ts'
import type { Io } from '#io.ts'
import { table } from '#table.ts'

/** Makes a new master key current. What the old one sealed is sealed anew by the server, while everything goes on. */
export async function rotateMaster(io: Io): Promise<void> {
  const api = new Api(connection(io.env))
  const { MasterKeyId, PreviousMasterKeyId } = await api.steward('RotateMasterKey', {})
  io.stdout.write(`The master key is now ${MasterKeyId}. The server seals anew what ${PreviousMasterKeyId} sealed,\n`)
  io.stdout.write(
    'and forgets that key ten minutes after the last of it. Back up the new key: docs/keys.md says what it is.\n',
  )
}

/** Lists the master keys that something is sealed under; nothing of the keys themselves. */
export async function listMasterKeys(io: Io, { json = false }: { json?: boolean }): Promise<void> {
  const { MasterKeys = [] } = await new Api(connection(io.env)).steward('ListMasterKeys', {})
  if (json) return void io.stdout.write(`${JSON.stringify({ MasterKeys }, null, 2)}\n`)
  const rows = MasterKeys.map(({ MasterKeyId, Current, Lost, CreatedDate, SealedValues }) => [
    MasterKeyId ?? '',
    Lost ? 'lost' : Current ? 'current' : 'older',
    new Date((CreatedDate ?? 0) * 1000).toISOString(),
    String(SealedValues ?? 0),
  ])
  io.stdout.write(table(['MASTER KEY', 'STATE', 'SINCE', 'SEALED VALUES'], rows))
}
