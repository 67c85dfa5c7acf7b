import { useCallback, useEffect, useState } from 'react'

/** How long something secret stays on the screen. */
export const SHOWN_MS = 30_000

export interface Revealed<T> {
  /** What was asked for, while it is shown. */
  readonly value: T | undefined
  readonly busy: boolean
  readonly error: unknown
  readonly show: () => Promise<void>
  readonly hide: () => void
}

/**
 * Something secret that is on the screen only when asked for, in the state of its component alone. It is hidden after a while, when
 * the window is covered or left, and with the component.
 */
export function useRevealed<T>(read: () => Promise<T>, key: string): Revealed<T> {
  const [state, setState] = useState<{ key: string; value?: T; error?: unknown; busy: boolean }>()
  const current = state?.key === key ? state : undefined
  const hide = useCallback(() => setState(undefined), [])
  const isShown = current?.value !== undefined
  useEffect(() => {
    if (!isShown) return
    const timer = setTimeout(hide, SHOWN_MS)
    document.addEventListener('visibilitychange', hide)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', hide)
    }
  }, [isShown, hide])
  return {
    value: current?.value,
    busy: current?.busy ?? false,
    error: current?.error,
    hide,
    async show() {
      setState({ key, busy: true })
      try {
        const value = await read()
        setState({ key, value, busy: false })
      } catch (error) {
        setState({ key, error, busy: false })
      }
    },
  }
}
