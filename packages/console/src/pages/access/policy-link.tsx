import { ConsoleLink } from '#components/console-link.tsx'
import { policyPath } from './policy-links.ts'

/** A managed policy by its name. */
export function PolicyLink({ arn }: { arn: string }) {
  return <ConsoleLink to={policyPath(arn)}>{arn.split('/').at(-1)}</ConsoleLink>
}
