import Link, { type LinkProps } from '@cloudscape-design/components/link'
import type { ReactNode } from 'react'
import { useLocation } from 'wouter'

export interface ConsoleLinkProps extends Pick<LinkProps, 'variant' | 'fontSize' | 'color' | 'ariaLabel'> {
  /** Within the console, as `/nodes/mi-1?tab=tags`. */
  readonly to: string
  readonly children: ReactNode
}

/** A link to another page of the console; opens in a new tab as any link does. */
export function ConsoleLink({ to, children, ...more }: ConsoleLinkProps) {
  const [, navigate] = useLocation()
  return (
    <Link
      {...more}
      href={`/console${to}`}
      onFollow={(event) => {
        // With Ctrl or the middle button the browser opens the address itself.
        event.preventDefault()
        navigate(to)
      }}
    >
      {children}
    </Link>
  )
}
