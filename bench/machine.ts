import { arch, cpus, freemem, loadavg, release, totalmem, type } from 'node:os'

/** One line that says when and where something was measured. */
export function machine(): string {
  const gb = (bytes: number) => `${(bytes / 2 ** 30).toFixed(0)} GB`
  const load = loadavg()[0]!.toFixed(1)
  return (
    `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC; ${cpus().length} cores (${cpus()[0]?.model.trim()}), ` +
    `${gb(totalmem())} (${gb(freemem())} free), ${type()} ${release()} ${arch()}, Node ${process.versions.node}; load before: ${load}`
  )
}
