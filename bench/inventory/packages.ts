/** What a fleet of Debian machines might have installed: mostly the same, in a few versions, with a few packages of each machine's own. */
import { hash } from 'node:crypto'
import type { PutInventoryRequest } from '@steward/model/generated/ssm.ts'

const EVERYWHERE = 450
const OF_A_ROLE = 120
const OF_A_NODE = 30
const ROLES = 8
const CATALOGUE = 12_000

export const PACKAGES_OF_A_NODE = EVERYWHERE + OF_A_ROLE + OF_A_NODE

/** A node's report of its packages, and the one in which it says that nothing changed. Each package was installed at a time of its own. */
export function reportsOf(
  nodeId: string,
  index: number,
): { first: PutInventoryRequest; unchanged: PutInventoryRequest } {
  const role = index % ROLES
  const numbers = [
    ...Array.from({ length: EVERYWHERE }, (_, place) => place),
    ...Array.from({ length: OF_A_ROLE }, (_, place) => EVERYWHERE + role * OF_A_ROLE + place),
    ...Array.from({ length: OF_A_NODE }, (_, place) => 2000 + ((index * 7919 + place * 104_729) % (CATALOGUE - 2000))),
  ]
  const Content = numbers.map((number) => packageOf(number, index))
  const TypeName = 'AWS:Application'
  const ContentHash = hash('md5', JSON.stringify(Content), 'base64')
  const item = { TypeName, SchemaVersion: '1.1', CaptureTime: '2026-11-21T10:00:00Z', ContentHash }
  return {
    first: { InstanceId: nodeId, Items: [{ ...item, Content }] },
    unchanged: { InstanceId: nodeId, Items: [{ ...item, CaptureTime: '2026-11-21T10:30:00Z' }] },
  }
}

export function nameOf(number: number): string {
  return `lib-of-the-catalogue-${number}`
}

function packageOf(number: number, index: number): Record<string, string> {
  const installed = new Date(Date.UTC(2026, 0, 1) + index * 3_600_000 + number * 1000)
  return {
    Name: nameOf(number),
    Version: `${number % 9}.${(number * 31) % 40}.${index % 3}-1+deb12u${number % 5}`,
    Publisher: 'Debian Maintainers <maintainers@example.org>',
    Architecture: number % 4 === 0 ? 'all' : 'amd64',
    ApplicationType: 'libs',
    InstalledTime: `${installed.toISOString().slice(0, 19)}Z`,
    URL: `https://packages.example.org/${number}`,
    Summary: `Runtime files of the library with the number ${number}`,
    PackageId: `lib-of-the-catalogue-${number}_amd64.deb`,
  }
}
