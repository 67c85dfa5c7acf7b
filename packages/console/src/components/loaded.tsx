import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Failed } from './failed.tsx'
import { Waiting } from './waiting.tsx'

/** What was read, once it is there; until then that it is on its way, or why it will not come. */
export function Loaded<T>({ read, children }: { read: UseQueryResult<T, unknown>; children: (data: T) => ReactNode }) {
  if (read.data !== undefined) return children(read.data)
  if (read.isError) return <Failed error={read.error} retry={() => void read.refetch()} />
  return <Waiting />
}
