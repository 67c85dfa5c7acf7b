import Button, { type ButtonProps } from '@cloudscape-design/components/button'
import { useLocation } from 'wouter'

export interface ButtonLinkProps extends Pick<ButtonProps, 'variant' | 'iconName' | 'children' | 'ariaLabel'> {
  /** Within the console, as `/nodes/add`. */
  readonly to: string
}

/** A link to another page of the console that looks like a button. */
export function ButtonLink({ to, ...more }: ButtonLinkProps) {
  const [, navigate] = useLocation()
  return (
    <Button
      {...more}
      href={`/console${to}`}
      onFollow={(event) => {
        event.preventDefault()
        navigate(to)
      }}
    />
  )
}
