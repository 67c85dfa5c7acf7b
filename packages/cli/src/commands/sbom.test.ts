import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PutInventoryCommand, SSMClient } from '@aws-sdk/client-ssm'
import { cycloneDx } from '@steward/protocol/inventory/bill-of-materials.ts'
import { startServer } from '@steward/testkit'
import { capturedIo } from '#testing/captured-io.ts'
import { steward } from '../main.ts'

test('INV-18 steward sbom writes what is installed on a node as CycloneDX or SPDX', async () => {
  await using server = await startServer()
  const { accessKeyId, secretAccessKey } = server.house.rootKey
  const env = { AWS_ENDPOINT_URL: server.url, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
  const { id: InstanceId } = await server.fakeNode()
  const type = async (...words: string[]) => {
    const io = capturedIo(env)
    const code = await steward(['sbom', InstanceId, ...words], io)
    return { code, out: io.out(), err: io.err() }
  }
  assert.match((await type()).err, /has not told its packages/)
  const Content = Array.from({ length: 60 }, (_, index) => ({ Name: `lib${index}`, Version: '1.0' }))
  const item = { TypeName: 'AWS:Application', SchemaVersion: '1.1', CaptureTime: '2026-11-21T10:00:00Z', Content }
  await server.client(SSMClient).send(new PutInventoryCommand({ InstanceId, Items: [item] }))
  const cyclone = JSON.parse((await type()).out)
  assert.deepEqual([cyclone.specVersion, cyclone.metadata.timestamp], ['1.6', '2026-11-21T10:00:00Z'])
  assert.equal(cyclone.components.length, 61)
  const spdx = JSON.parse((await type('--format', 'spdx')).out)
  assert.deepEqual([spdx.spdxVersion, spdx.packages.length, spdx.packages[59].name], ['SPDX-2.3', 60, 'lib59'])
})

test('INV-18 package URLs say where a package is from', () => {
  const urls = (platformName: string, ...packages: Record<string, string>[]) => {
    const on = { nodeId: 'mi-1', computerName: 'a', platformName, platformVersion: '1', at: '2026-11-21T10:00:00Z' }
    const { components } = cycloneDx({ ...on, packages }) as { components: { purl?: string }[] }
    return components.flatMap(({ purl }) => purl ?? [])
  }
  assert.deepEqual(urls('Debian GNU/Linux', { Name: 'libc++1', Version: '1:14.0-1', Architecture: 'amd64' }), [
    'pkg:deb/debian/libc%2B%2B1@1%3A14.0-1?arch=amd64',
  ])
  const bash = { Name: 'bash', Version: '5.2', Release: '1.el9', Epoch: '1', Architecture: 'x86_64' }
  assert.deepEqual(urls('AlmaLinux', bash), ['pkg:rpm/almalinux/bash@5.2-1.el9?arch=x86_64&epoch=1'])
  assert.deepEqual(urls('Plan 9', { Name: 'rc' }), ['pkg:generic/rc@'])
})
