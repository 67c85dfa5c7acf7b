/** A server in a process of its own, with its audit trail or, if told `unaudited`, with one that keeps nothing. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger, startHouse, toConfig } from '@steward/server'
import { region, rootKey } from '../steward.ts'

const data = mkdtempSync(join(tmpdir(), 'steward-bench-'))
const config = toConfig(
  {
    STEWARD_DATA: data,
    STEWARD_HTTP: '127.0.0.1:0',
    STEWARD_HTTPS: 'off',
    STEWARD_REGION: region,
    STEWARD_ROOT_ACCESS_KEY_ID: rootKey.accessKeyId,
    STEWARD_ROOT_SECRET_ACCESS_KEY: rootKey.secretAccessKey,
  },
  data,
)

const nothing = {
  add: async () => {},
  added() {},
  push: () => undefined,
  write: async () => {},
  flush: async () => {},
  stop: async () => {},
  forget() {},
  proof: { seal: (text: string) => text, witness: () => undefined },
}

const options = process.argv[2] === 'unaudited' ? { auditTrail: () => nothing } : {}
const house = await startHouse(config, silentLogger, options)
process.on('exit', () => rmSync(data, { recursive: true, force: true }))
process.on('disconnect', () => process.exit())
process.send!(`http://127.0.0.1:${house.http.port}`)
