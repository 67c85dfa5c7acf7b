/* AWS:InstanceDetailedInformation: the processors, as lscpu counts them, and the kernel. */
import { release } from 'node:os'
import { outputOf } from '#inventory/gatherers/program.ts'
import type { Entry } from '#inventory/item.ts'

export async function gatherInstanceDetails(): Promise<Entry[]> {
  const text = await outputOf('lscpu', [])
  return text === undefined ? [] : [instanceDetails(text, release())]
}

/** Empty is what lscpu does not say: newer ones no longer tell the speed. */
export function instanceDetails(lscpu: string, kernel: string): Entry {
  const of = (key: string) =>
    lscpu
      .split('\n')
      .find((line) => line.startsWith(`${key}:`))
      ?.slice(key.length + 1)
      .trim()
  const whole = (key: string) => (/^\d+$/.test(of(key) ?? '') ? Number(of(key)) : undefined)
  const sockets = whole('Socket(s)')
  const coresPerSocket = whole('Core(s) per socket')
  const threadsPerCore = of('Thread(s) per core')
  const speed = of('CPU MHz')
  return {
    CPUModel: of('Model name') ?? '',
    CPUSpeedMHz: speed === undefined ? '' : String(Math.trunc(Number(speed)) || 0),
    CPUs: of('CPU(s)') ?? '',
    CPUSockets: String(sockets ?? ''),
    CPUCores: sockets === undefined || coresPerSocket === undefined ? '' : String(sockets * coresPerSocket),
    CPUHyperThreadEnabled: threadsPerCore === undefined ? '' : String(Number(threadsPerCore) > 1),
    OSServicePack: '',
    KernelVersion: kernel,
  }
}
