import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createServer } from 'node:tls'
import { tlsMaterial } from '@steward/server/door/certificate.ts'
import { DataDirectory } from '@steward/server/kernel/data-directory.ts'
import { localInstallation } from '#local-installation.ts'
import { checkTls } from './tls.ts'

const DAY_MS = 86_400_000

/** What is found where a server listens whose certificate was made so many days ago. */
async function foundAfter(days: number) {
  const data = mkdtempSync(join(tmpdir(), 'steward-tls-doctor-'))
  const material = await tlsMaterial(new DataDirectory(data), [], new Date(Date.now() - days * DAY_MS))
  const server = createServer({ key: material.key, cert: material.cert })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const STEWARD_HTTPS = `127.0.0.1:${(server.address() as AddressInfo).port}`
    return await checkTls(localInstallation({ STEWARD_DATA: data, STEWARD_HTTPS }))
  } finally {
    server.close()
    rmSync(data, { recursive: true })
  }
}

test('a certificate that is about to expire, or has expired, is mended by a restart', async () => {
  const [reach, soon] = await foundAfter(810)
  assert.match(reach!.says, /^TLS listener answers at https:.*STEWARD_HTTPS=0\.0\.0\.0:\d+ opens it/)
  assert.deepEqual([soon!.state, soon!.mend], ['doubtful', 'restart the server: it makes a new one at each start'])
  const [expired] = await foundAfter(900)
  assert.equal(expired!.state, 'wrong')
  assert.match(expired!.says, /cannot be trusted: certificate has expired$/)
  assert.match(expired!.mend!, /^set the clock right, or restart the server/)
})
