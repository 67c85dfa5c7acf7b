import type { steward as model } from '@steward/model'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { onChange } from '#api/changes.ts'
import { useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import type { Wire } from '#api/wire.ts'

export type FleetSummary = Wire<model.GetFleetSummaryResult>

/** What the summary is made of besides nodes, under which it is kept. */
const KINDS = new Set(['commands', 'sessions', 'activations'])
const REREAD_MS = 2_000

/** The state of the fleet in numbers, kept up by the event stream. */
export function useFleetSummary() {
  const client = useQueryClient()
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const reread = () => {
      timer = undefined
      void client.invalidateQueries({ queryKey: ['nodes', 'summary'] })
    }
    const stop = onChange(({ kind }) => {
      if (KINDS.has(kind)) timer ??= setTimeout(reread, REREAD_MS)
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [client])
  return useRead('nodes', ['summary'], (signal) => steward('GetFleetSummary', {}, signal))
}
