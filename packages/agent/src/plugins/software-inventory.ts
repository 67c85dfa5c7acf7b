import { failed, type Plugin, type PluginResult } from '#plugins/plugin.ts'

const name = 'aws:softwareInventory'

/** Collects what the inputs ask for, and uploads it. */
export type Collect = (inputs: unknown, signal: AbortSignal) => Promise<PluginResult>

/** aws:softwareInventory, in associations. */
export function softwareInventory(collect: Collect): Plugin {
  return { name, run: ({ inputs }, _, signal) => collect(inputs, signal) }
}

/** INV-01: aws:softwareInventory in commands, which do not run it. */
export const noSoftwareInventory: Plugin = {
  name,
  run: async () => failed(`${name} plugin can only be invoked via ssm-associate`),
}
