import { common } from '#texts/common.ts'

/** The label of a field that may stay empty. */
export function OptionalLabel({ children }: { children: string }) {
  return (
    <span>
      {children} <i>– {common.optional}</i>
    </span>
  )
}
