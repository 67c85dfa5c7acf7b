/** What policies compare with ARNs. */
import { type Matcher, wildcardMatcher } from './pattern.ts'

const PARTS = 6

/** As the operators of conditions have it: the six parts are compared each for itself, and an ARN that lacks parts is none. */
export function arnMatcher(wanted: string, variables: boolean): Matcher {
  const matchers = partsOfPattern(wanted).map((part) => wildcardMatcher(part, variables))
  return (given, context) => {
    const parts = partsOf(given)
    return parts.length === matchers.length && matchers.every((matcher, i) => matcher(parts[i]!, context))
  }
}

/**
 * As statements name resources: a `*` at the end of a part reaches over the colons behind it. Where principals carry the policy, the parts
 * that are missing are also taken for `*`: `arn:aws:ssm:eu-west-1` is everything of SSM in that region. Elsewhere that is so only if
 * there is some other wildcard.
 */
export function resourceMatcher(wanted: string, variables: boolean, ofPrincipal: boolean): Matcher {
  const asWritten = wildcardMatcher(wanted, variables)
  const missing = PARTS - partsOfPattern(wanted).length
  if (wanted === '*' || missing === 0 || !(ofPrincipal || wanted.includes('*'))) return asWritten
  const completed = wildcardMatcher(wanted + ':*'.repeat(missing), variables)
  return (given, context) => asWritten(given, context) || completed(given, context)
}

/** What a policy says. A colon within `${…}` divides nothing, nor does one in the last part. */
function partsOfPattern(text: string): string[] {
  const parts: string[] = []
  let from = 0
  let braces = 0
  for (let at = 0; at < text.length && parts.length < PARTS - 1; at++) {
    if (text[at] === '{' && text[at - 1] === '$') braces++
    else if (text[at] === '}' && braces > 0) braces--
    else if (text[at] === ':' && braces === 0) {
      parts.push(text.slice(from, at))
      from = at + 1
    }
  }
  parts.push(text.slice(from))
  return parts
}

/** What a request says, which has no variables. */
function partsOf(text: string): string[] {
  const parts = text.split(':')
  return parts.length <= PARTS ? parts : [...parts.slice(0, PARTS - 1), parts.slice(PARTS - 1).join(':')]
}
