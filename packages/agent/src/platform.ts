import { readFileSync } from 'node:fs'
import * as os from 'node:os'
import { processIdentity } from '#scripts/processes.ts'

/** What the server lists of this machine. */
export type Platform = {
  platformType: 'Linux' | 'MacOS' | 'Windows'
  platformName: string
  platformVersion: string
  computerName: string
  /** The first address that is not loopback; undefined on a machine without one. */
  ipAddress: string | undefined
}

const platformTypes: { [platform: string]: Platform['platformType'] } = { darwin: 'MacOS', win32: 'Windows' }

export function readPlatform(): Platform {
  const release = readOsRelease()
  return {
    platformType: platformTypes[process.platform] ?? 'Linux',
    platformName: release.NAME ?? os.type(),
    platformVersion: release.VERSION_ID ?? os.release(),
    computerName: os.hostname(),
    ipAddress: firstAddress(),
  }
}

/** Changes with every boot of the machine, and of a container that passes for one; empty where the system does not tell. */
export function readBootId(): string {
  const boot = readText('/proc/sys/kernel/random/boot_id').trim()
  // A container has its machine's boot id, but a first process of its own.
  return boot && `${boot} ${processIdentity(1) ?? ''}`.trim()
}

/** The machine's own id; empty where there is none. A copied disk usually comes with another one. */
export function readMachineId(): string {
  return (readText('/etc/machine-id') || readText('/var/lib/dbus/machine-id')).trim()
}

function readOsRelease(): { [name: string]: string | undefined } {
  const entries = readText('/etc/os-release')
    .split('\n')
    .map((line) => /^(\w+)=(["']?)(.*)\2$/.exec(line.trim()))
    .flatMap((match) => (match ? [[match[1]!, match[3]!] as const] : []))
  return Object.fromEntries(entries)
}

function firstAddress(): string | undefined {
  const addresses = Object.values(os.networkInterfaces()).flatMap((list) => list ?? [])
  return addresses.find(({ internal, family }) => !internal && family === 'IPv4')?.address
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
