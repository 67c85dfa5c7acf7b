import { ListInventoryEntriesCommand } from '@aws-sdk/client-ssm'
import ButtonDropdown from '@cloudscape-design/components/button-dropdown'
import { ssm } from '#api/clients/ssm.ts'
import { useAct } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { saveFile } from '#components/save-file.ts'
import { inventory } from '#texts/inventory.ts'

const { sbom: texts } = inventory

/** Saves what is installed on a node as a bill of materials, the same as `steward sbom` writes. */
export function BillOfMaterialsButton({ node }: { node: string }) {
  const save = useAct([], async (format: keyof typeof texts.formats) => {
    const { cycloneDx, spdx } = await import('@steward/protocol/inventory/bill-of-materials.ts')
    const told = await entriesOf(node, 'AWS:Application')
    if (!told.at) {
      notify({ type: 'warning', header: texts.nothing })
      return
    }
    const [platform] = (await entriesOf(node, 'AWS:InstanceInformation')).entries
    const installed = {
      nodeId: node,
      computerName: platform?.ComputerName ?? '',
      platformName: platform?.PlatformName ?? '',
      platformVersion: platform?.PlatformVersion ?? '',
      at: told.at,
      packages: told.entries,
    }
    const bill = format === 'spdx' ? spdx(installed) : cycloneDx(installed)
    saveFile(`${node}.${format}.json`, `${JSON.stringify(bill, null, 2)}\n`, 'application/json')
  })
  return (
    <ButtonDropdown
      loading={save.isPending}
      items={Object.entries(texts.formats).map(([id, text]) => ({ id, text }))}
      onItemClick={({ detail }) => save.mutate(detail.id as keyof typeof texts.formats)}
    >
      {texts.act}
    </ButtonDropdown>
  )
}

async function entriesOf(InstanceId: string, TypeName: string) {
  const entries: Record<string, string>[] = []
  let at: string | undefined
  let NextToken: string | undefined
  do {
    const page = await ssm().send(new ListInventoryEntriesCommand({ InstanceId, TypeName, MaxResults: 50, NextToken }))
    entries.push(...(page.Entries ?? []))
    at = page.CaptureTime
    NextToken = page.NextToken
  } while (NextToken)
  return { entries, at }
}
