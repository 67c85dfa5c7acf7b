import type { PlatformType } from '@steward/model/generated/ssm.ts'
import { PLATFORMS, PLUGINS } from '@steward/protocol/document/index.ts'

export type { PlatformType }

/** In the order in which AWS lists them. */
export const PLATFORM_TYPES: readonly PlatformType[] = PLATFORMS

/** Where a plugin of Command and Policy documents runs; undefined if there is no such plugin. */
export function pluginPlatforms(plugin: string): readonly PlatformType[] | undefined {
  return Object.hasOwn(PLUGINS, plugin) ? PLUGINS[plugin]?.platforms : undefined
}
