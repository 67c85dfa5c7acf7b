import type { PlatformType } from '@steward/model/generated/ssm.ts'

export type { PlatformType }

/** In the order in which AWS lists them. */
export const PLATFORM_TYPES: readonly PlatformType[] = ['Windows', 'Linux', 'MacOS']

const WINDOWS: readonly PlatformType[] = ['Windows']
const SERVERS: readonly PlatformType[] = ['Windows', 'Linux']
const UNIX: readonly PlatformType[] = ['Linux', 'MacOS']

/** The plugins that Command and Policy documents may name, and where Amazon's agent has them. */
const PLUGINS: Readonly<Record<string, readonly PlatformType[]>> = {
  'aws:applications': WINDOWS,
  'aws:cloudWatch': WINDOWS,
  'aws:configureDaemon': WINDOWS,
  'aws:configureDocker': SERVERS,
  'aws:configurePackage': PLATFORM_TYPES,
  'aws:domainJoin': SERVERS,
  'aws:downloadContent': SERVERS,
  'aws:psModule': WINDOWS,
  'aws:refreshAssociation': PLATFORM_TYPES,
  'aws:runDockerAction': SERVERS,
  'aws:runDocument': SERVERS,
  'aws:runPowerShellScript': PLATFORM_TYPES,
  'aws:runShellScript': UNIX,
  'aws:softwareInventory': PLATFORM_TYPES,
  'aws:updateAgent': WINDOWS,
  'aws:updateSsmAgent': PLATFORM_TYPES,
}

/** Where a plugin runs; undefined if there is no such plugin. */
export function pluginPlatforms(plugin: string): readonly PlatformType[] | undefined {
  return Object.hasOwn(PLUGINS, plugin) ? PLUGINS[plugin] : undefined
}
