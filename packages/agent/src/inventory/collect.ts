/*
 * What aws:softwareInventory collects: a type for each input that is enabled, the same as Amazon's agent on Linux and services
 * besides. A type that cannot be collected is not told at all, for the server would take the rest of it for the truth; the
 * others are.
 */
import { awsComponents, gatherApplications } from '#inventory/gatherers/applications.ts'
import { gatherCustom } from '#inventory/gatherers/custom.ts'
import { gatherFiles } from '#inventory/gatherers/files.ts'
import { gatherInstanceDetails } from '#inventory/gatherers/instance-details.ts'
import { gatherNetwork } from '#inventory/gatherers/network.ts'
import { gatherServices } from '#inventory/gatherers/services.ts'
import type { Entry, InventoryItem } from '#inventory/item.ts'
import { type Inputs, inputText } from '#plugins/inputs.ts'

export type Collection = {
  items: InventoryItem[]
  /** Why types are missing: sentences. */
  failures: string[]
  /** What was left out without harm: sentences. */
  complaints: string[]
}

const mostBytesOfType = 3 * 2 ** 20
const mostBytes = 10 * 2 ** 20

/** Collects what the inputs of a step ask for; custom inventory from `customFolder` if they name no other. */
export async function collect(inputs: Inputs, customFolder: string): Promise<Collection> {
  const collection: Collection = { items: [], failures: [], complaints: [] }
  const add = (item: InventoryItem) => collection.items.push(checkedSize(item))
  const attempt = async (name: string, gather: () => Promise<void>) => {
    await gather().catch((error: Error) => {
      collection.failures.push(`Encountered error while executing ${name}. Error - ${error.message}`)
    })
  }
  const gatherType = (typeName: string, schemaVersion: string, gather: () => Promise<Entry[]>) =>
    attempt(typeName, async () => void add({ typeName, schemaVersion, content: await gather() }))
  let applications: Promise<Entry[]> | undefined
  const installed = () => (applications ??= gatherApplications())

  if (isEnabled(inputs, 'applications')) await gatherType('AWS:Application', '1.1', installed)
  if (isEnabled(inputs, 'awsComponents'))
    await gatherType('AWS:AWSComponent', '1.0', async () => awsComponents(await installed()))
  if (isEnabled(inputs, 'networkConfig')) await gatherType('AWS:Network', '1.0', gatherNetwork)
  // Amazon's instances are billed for products; other machines have none.
  if (isEnabled(inputs, 'billingInfo')) await gatherType('AWS:BillingInfo', '1.0', async () => [])
  if (isEnabled(inputs, 'instanceDetailedInformation'))
    await gatherType('AWS:InstanceDetailedInformation', '1.0', gatherInstanceDetails)
  if (isEnabled(inputs, 'services')) await gatherType('AWS:Service', '1.0', gatherServices)
  const files = inputText(inputs, 'files')
  if (files !== '') await gatherType('AWS:File', '1.0', () => gatherFiles(files))
  if (isEnabled(inputs, 'customInventory'))
    await attempt('CustomInventory', async () => {
      const { items, complaints } = await gatherCustom(inputText(inputs, 'customInventoryDirectory') || customFolder)
      collection.complaints.push(...complaints)
      items.forEach(add)
    })
  if (sizeOf(collection.items) > mostBytes) throw new Error(tooLarge)
  return collection
}

function isEnabled(inputs: Inputs, name: string): boolean {
  return inputText(inputs, name) === 'Enabled'
}

const tooLarge = 'the size of the collected data exceeded the maximum allowable size'

function checkedSize(item: InventoryItem): InventoryItem {
  if (sizeOf(item) > mostBytesOfType) throw new Error(tooLarge)
  return item
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value))
}
