import { processIo } from '#process-io.ts'
import { plugin } from './plugin.ts'

export function main(): Promise<void> {
  const io = processIo()
  const words = process.argv.slice(2)
  return plugin(words, io)
}
