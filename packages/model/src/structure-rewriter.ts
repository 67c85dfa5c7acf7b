/** A member of a structure that is rewritten: under which name its value stands, and what becomes of it, if it does not stay what it is. */
export interface RewrittenMember<Extra> {
  readonly from: string
  readonly to: string
  readonly rewrite: ((value: unknown, extra: Extra) => unknown) | undefined
}

/**
 * Makes a function that rewrites a structure; what is absent or null is undefined in what it answers. It is made of the text of an
 * object literal, because V8 gives those one layout. An object that gets its members one by one, under names that only the running
 * program knows, takes twice as long to make and to write as JSON.
 */
export function structureRewriter<Extra>(
  members: readonly RewrittenMember<Extra>[],
): (value: unknown, extra: Extra) => Record<string, unknown> {
  const texts = members.map(({ from, to, rewrite }, index) => {
    const member = `value[${JSON.stringify(from)}]`
    const rewritten = rewrite ? `rewrite${index}(${member}, extra)` : member
    // In brackets, or a member called `__proto__` would be the prototype.
    return `[${JSON.stringify(to)}]: ${member} === undefined || ${member} === null ? undefined : ${rewritten}`
  })
  const parameters = members.map((_, index) => `rewrite${index}`)
  const make = new Function(...parameters, `return (value, extra) => ({ ${texts.join(', ')} })`)
  return make(...members.map(({ rewrite }) => rewrite))
}
