import type { Area } from './area.ts'

const modules = import.meta.glob<{ area: Area }>('../pages/*/area.ts', { eager: true })

/** Every part of the console, in the order of the navigation. */
export const areas: readonly Area[] = Object.values(modules)
  .map(({ area }) => area)
  .sort((one, other) => one.order - other.order)
