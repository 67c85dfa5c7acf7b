import type { steward as model } from '@steward/model'
import { useRead } from '#api/queries.ts'
import { useRereadOn } from '#api/reread.ts'
import { steward } from '#api/steward.ts'
import type { Wire } from '#api/wire.ts'

export type FleetSummary = Wire<model.GetFleetSummaryResult>

/** What the summary is made of besides nodes, under which it is kept. */
const KINDS = new Set(['commands', 'sessions', 'activations'])

/** The state of the fleet in numbers, kept up by the event stream. */
export function useFleetSummary() {
  useRereadOn(KINDS, 'nodes', 'summary')
  return useRead('nodes', ['summary'], (signal) => steward('GetFleetSummary', {}, signal))
}
