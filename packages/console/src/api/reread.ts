import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { onChange, readAgain } from './changes.ts'
import type { Kind } from './queries.ts'

const REREAD_MS = 2_000

/** Has what is kept under `kind` and `name` read again when things of other kinds change of which it is made as well. */
export function useRereadOn(kinds: ReadonlySet<string>, kind: Kind, name: string): void {
  const client = useQueryClient()
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const reread = () => {
      timer = undefined
      void readAgain(client, { queryKey: [kind, name] })
    }
    const stop = onChange((change) => {
      if (kinds.has(change.kind)) timer ??= setTimeout(reread, REREAD_MS)
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [client, kinds, kind, name])
}
