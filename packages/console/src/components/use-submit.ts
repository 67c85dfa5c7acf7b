import { useState } from 'react'

export interface Submit {
  readonly busy: boolean
  /** What went wrong at the last try. */
  readonly error: unknown
  readonly submit: () => Promise<void>
}

/** Does `act`, then `done`; while it is under way it is not done again, and what went wrong stays to be shown. */
export function useSubmit(act: () => Promise<unknown>, done: () => void): Submit {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  async function submit() {
    if (busy) return
    setBusy(true)
    setError(undefined)
    try {
      await act()
      done()
    } catch (fault) {
      setError(fault)
    } finally {
      setBusy(false)
    }
  }
  return { busy, error, submit }
}
