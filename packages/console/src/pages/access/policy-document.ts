/** Policy documents as people edit them: the text is the truth, and the form changes a reading of it. */

/** One statement; members that the form does not know stay as they are. */
export interface Statement {
  readonly Sid?: string
  readonly Effect?: string
  readonly Action?: string | readonly string[]
  readonly NotAction?: string | readonly string[]
  readonly Resource?: string | readonly string[]
  readonly NotResource?: string | readonly string[]
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>
  readonly [member: string]: unknown
}

export interface PolicyDocument {
  readonly Version?: string
  readonly Statement: readonly Statement[]
  readonly [member: string]: unknown
}

export const NEW_POLICY = textOf({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: [], Resource: ['*'] }],
})

/** Undefined if the text is no policy whose statements could be shown as forms. */
export function readPolicy(text: string): PolicyDocument | undefined {
  try {
    const document = JSON.parse(text) as PolicyDocument
    const Statement = [document.Statement ?? []].flat() as Statement[]
    return Statement.every((one) => typeof one === 'object' && one !== null) ? { ...document, Statement } : undefined
  } catch {
    return undefined
  }
}

const ORDER = 'Sid Effect Principal NotPrincipal Action NotAction Resource NotResource Condition'.split(' ')

/** With its members in the order in which everybody writes them. */
export function inOrder(statement: Statement): Statement {
  const place = (member: string) => (ORDER.includes(member) ? ORDER.indexOf(member) : ORDER.length)
  return Object.fromEntries(Object.entries(statement).sort(([one], [other]) => place(one) - place(other)))
}

export function textOf(document: object): string {
  return JSON.stringify(document, null, 2)
}

/** The same text in the usual form, if it can be read. */
export function pretty(text: string): string {
  try {
    return textOf(JSON.parse(text))
  } catch {
    return text
  }
}

export function listOf(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value
}

/** One row of a condition: this key, compared so, with any of these values. */
export interface Comparison {
  readonly operator: string
  readonly key: string
  readonly values: readonly string[]
}

export function comparisonsOf({ Condition = {} }: Statement): Comparison[] {
  return Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => ({ operator, key, values: listOf(values) })),
  )
}

/** A statement with these comparisons and no others. Rows of the same operator and key become one. */
export function withComparisons(
  { Condition: _before, ...statement }: Statement,
  rows: readonly Comparison[],
): Statement {
  const Condition: Record<string, Record<string, readonly string[]>> = {}
  for (const { operator, key, values } of rows) {
    const keys = Condition[operator] ?? {}
    Condition[operator] = { ...keys, [key]: [...(keys[key] ?? []), ...values] }
  }
  return rows.length > 0 ? { ...statement, Condition } : statement
}
