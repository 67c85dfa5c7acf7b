import { useState } from 'react'
import { signedIn } from '#api/sign-in.ts'

export interface Draft<T> {
  readonly values: T
  readonly set: (change: Partial<T>) => void
  /** What was written before this page was loaded is here again. */
  readonly restored: boolean
  /** Begins anew. */
  readonly discard: () => void
  /** It is saved: there is nothing to restore any more. */
  readonly done: () => void
}

/** What a person writes, kept in this tab, so that neither a reload nor a look at another page loses it. */
export function useDraft<T extends object>(of: string, initial: T): Draft<T> {
  const key = `steward.draft.${signedIn()?.principal.arn}.${of}`
  const [values, setValues] = useState<T>(() => ({ ...initial, ...keptIn(key) }))
  const [restored, setRestored] = useState(() => sessionStorage.getItem(key) !== null)
  return {
    values,
    set(change) {
      const next = { ...values, ...change }
      sessionStorage.setItem(key, JSON.stringify(next))
      setValues(next)
    },
    restored,
    discard() {
      sessionStorage.removeItem(key)
      setRestored(false)
      setValues(initial)
    },
    done: () => sessionStorage.removeItem(key),
  }
}

function keptIn<T>(key: string): Partial<T> {
  return JSON.parse(sessionStorage.getItem(key) ?? '{}') as Partial<T>
}
