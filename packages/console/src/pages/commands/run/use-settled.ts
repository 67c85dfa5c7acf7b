import { useEffect, useState } from 'react'

const SETTLE_MS = 300

/** The value once it has stayed the same for a moment: nobody is asked about half a word. Compared as JSON. */
export function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value)
  const text = JSON.stringify(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(JSON.parse(text) as T), SETTLE_MS)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}
