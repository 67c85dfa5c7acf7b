/*
 * Collects and uploads an inventory in a process of its own: what it takes in memory, some tens of megabytes for a few thousand
 * packages, is given back when it ends.
 */
import { readFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import { join } from 'node:path'
import { collect } from '#inventory/collect.ts'
import { upload } from '#inventory/upload.ts'
import type { CollectionOrder, CollectionResult } from '#inventory/worker-order.ts'
import { sentenceOf } from '#log.ts'
import { readInputs } from '#plugins/inputs.ts'
import { ServerClock } from '#server/server-clock.ts'
import { SsmClient } from '#server/ssm-client.ts'

/** Carries out the order on standard input and answers on standard output. */
export async function runWorker(): Promise<void> {
  setPriority(10)
  const order = JSON.parse(readFileSync(0, 'utf8')) as CollectionOrder
  const result = await takeInventory(order).catch(
    (error: unknown): CollectionResult => ({ status: 'Failed', stdout: '', stderr: sentenceOf(error) }),
  )
  process.stdout.write(JSON.stringify(result))
}

async function takeInventory(order: CollectionOrder): Promise<CollectionResult> {
  const { url, region, ca, nodeId, folder, aheadMs } = order
  const clock = new ServerClock(() => Date.now() + aheadMs)
  const ssm = new SsmClient({ url, region, ca, clock }, async () => order.credentials)
  const { items, failures, complaints } = await collect(readInputs(order.inputs), join(folder, 'custom'))
  const put = async (Items: object[]) => void (await ssm.call('PutInventory', { InstanceId: nodeId, Items }))
  const options = { put, hashesPath: join(folder, 'hashes.json'), captured: new Date(clock.now()) }
  if (items.length > 0) failures.push(...(await upload(items, options)))
  if (failures.length > 0) return { status: 'Failed', stdout: complaints.join('\n'), stderr: failures.join('\n') }
  return { status: 'Success', stdout: [items.length > 0 ? uploaded : nothing, ...complaints].join('\n'), stderr: '' }
}

const uploaded = 'Inventory policy has been successfully applied and collected inventory data has been uploaded to SSM'
const nothing = 'Inventory policy has been successfully applied but there is no inventory data to upload to SSM'
