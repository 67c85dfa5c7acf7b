import { cycloneDx, type Package, spdx } from '@steward/protocol/inventory/bill-of-materials.ts'
import { Api } from '#api.ts'
import { connection } from '#connection.ts'
import { Fault } from '#fault.ts'
import type { Io } from '#io.ts'
import { findNode } from '#sessions/find-node.ts'

/** Writes what is installed on a node, as it told it last, as a bill of materials to standard output. */
export async function sbom(io: Io, node: string, { format }: { readonly format: 'cyclonedx' | 'spdx' }): Promise<void> {
  const api = new Api(connection(io.env))
  const nodeId = await findNode(api, node)
  const told = await entries(api, nodeId, 'AWS:Application')
  if (!told.at) throw new Fault(`${nodeId} has not told its packages.`, { mend: MEND })
  const [platform = {}] = (await entries(api, nodeId, 'AWS:InstanceInformation')).entries
  const installed = {
    nodeId,
    computerName: platform.ComputerName ?? '',
    platformName: platform.PlatformName ?? '',
    platformVersion: platform.PlatformVersion ?? '',
    at: told.at,
    packages: told.entries,
  }
  const bill = format === 'spdx' ? spdx(installed) : cycloneDx(installed)
  io.stdout.write(`${JSON.stringify(bill, null, 2)}\n`)
}

const MEND = 'An association with AWS-GatherSoftwareInventory makes nodes tell them.'

async function entries(api: Api, InstanceId: string, TypeName: string): Promise<{ entries: Package[]; at?: string }> {
  const found: Package[] = []
  for (let NextToken: string | undefined; ; ) {
    const page = await api.ssm('ListInventoryEntries', { InstanceId, TypeName, MaxResults: 50, NextToken })
    found.push(...((page.Entries ?? []) as Package[]))
    NextToken = page.NextToken
    if (!NextToken) return { entries: found, ...(page.CaptureTime && { at: page.CaptureTime }) }
  }
}
