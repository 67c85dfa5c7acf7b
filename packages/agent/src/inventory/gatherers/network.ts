/* AWS:Network: the interfaces of this machine but the loopback, also those that are down. */
import { readdir, readFile } from 'node:fs/promises'
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os'
import { join } from 'node:path'
import type { Entry } from '#inventory/item.ts'

export type Interface = { name: string; index: number; loopback: boolean; mac: string }

export async function gatherNetwork(): Promise<Entry[]> {
  return networkEntries(await interfaces('/sys/class/net'), networkInterfaces())
}

type Addresses = { [name: string]: Pick<NetworkInterfaceInfo, 'address' | 'family'>[] | undefined }

/** One entry an interface, in the kernel's order. Of several addresses of a family the last one is told, as by Amazon's agent. */
export function networkEntries(found: Interface[], addresses: Addresses): Entry[] {
  return found
    .filter(({ loopback }) => !loopback)
    .sort((a, b) => a.index - b.index)
    .map(({ name, mac }) => {
      const last = (family: string) => (addresses[name] ?? []).findLast((one) => one.family === family)?.address ?? ''
      return { Name: name, MacAddress: mac, IPV4: last('IPv4'), IPV6: last('IPv6') }
    })
}

const loopbackFlag = 8

async function interfaces(folder: string): Promise<Interface[]> {
  const names = await readdir(folder).catch(() => [])
  return Promise.all(
    names.map(async (name) => {
      const text = async (file: string) => (await readFile(join(folder, name, file), 'utf8').catch(() => '')).trim()
      const [index, flags, address] = await Promise.all([text('ifindex'), text('flags'), text('address')])
      // Tunnels have addresses of other kinds there, or zeros.
      const mac = /^([\da-f]{2}:){5,}[\da-f]{2}$/.test(address) && /[1-9a-f]/.test(address) ? address : ''
      return { name, index: Number(index), loopback: (Number(flags) & loopbackFlag) !== 0, mac }
    }),
  )
}
