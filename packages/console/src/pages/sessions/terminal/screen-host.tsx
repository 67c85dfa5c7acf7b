import { useEffect, useRef } from 'react'
import type { Screen } from './screen.ts'

/** The place of a terminal in a page. */
export function ScreenHost({ screen, label, focus }: { screen: Screen; label: string; focus?: boolean }) {
  const place = useRef<HTMLElement>(null)
  useEffect(() => {
    screen.show(place.current!)
    if (focus) screen.terminal.focus()
    return () => screen.hide()
  }, [screen, focus])
  return <section ref={place} className="st-screen-host" aria-label={label} />
}
