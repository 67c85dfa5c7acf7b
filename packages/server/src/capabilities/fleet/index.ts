import { capability } from '#kernel/declare.ts'

/** The fleet as a whole, as those see it who look after it: a summary, a search over everything, previews of what an act would reach. */
export const fleetCapability = capability({ name: 'fleet', url: import.meta.url })
