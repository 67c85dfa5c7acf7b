import { type RefObject, useEffect, useRef } from 'react'
import { useLocation } from 'wouter'

/** Whoever goes to another page begins at its top, with the keyboard too; whoever goes back is where they were. */
export function useArrival(content: RefObject<HTMLElement | null>): void {
  const [path] = useLocation()
  const last = useRef(path)
  const isBack = useRef(false)
  useEffect(() => {
    const back = () => {
      isBack.current = true
    }
    addEventListener('popstate', back)
    return () => removeEventListener('popstate', back)
  }, [])
  useEffect(() => {
    if (last.current === path) return
    last.current = path
    if (!isBack.current) scrollTo(0, 0)
    isBack.current = false
    if (!content.current?.contains(document.activeElement)) content.current?.focus({ preventScroll: true })
  }, [path, content])
}
