import { type Located, type Members, readLocatedJson } from './located-json.ts'

/**
 * The policy with another ARN or id in the place of a principal. Only statements' `Principal` and `NotPrincipal` are looked at, and of the
 * text only that name is changed: it stays as it was written, and what conditions compare is not who is meant.
 */
export function withPrincipalRenamed(policy: string, from: string, to: string): string {
  const statements = listOf(membersOf(readLocatedJson(policy))?.get('Statement'))
  const named = statements.flatMap((statement) => awsPrincipals(statement)).filter(({ value }) => value === from)
  let renamed = policy
  for (const { start, end } of named.reverse()) {
    renamed = renamed.slice(0, start) + JSON.stringify(to) + renamed.slice(end)
  }
  return renamed
}

/** In the order of the text. */
function awsPrincipals(statement: Located): Located[] {
  const members = membersOf(statement)
  // A statement has one of the two.
  const principals = membersOf(members?.get('Principal') ?? members?.get('NotPrincipal'))
  return listOf(principals?.get('AWS'))
}

function membersOf(located: Located | undefined): Members | undefined {
  return located?.value instanceof Map ? located.value : undefined
}

function listOf(located: Located | undefined): Located[] {
  if (!located) return []
  return Array.isArray(located.value) ? located.value : [located]
}
