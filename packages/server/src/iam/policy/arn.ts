/** What policies compare with ARNs. The six parts of an ARN are compared each for itself: a wildcard does not reach over a colon. */
import { type Matcher, wildcardMatcher } from './pattern.ts'

const PARTS = 6

/** As the operators of conditions have it: an ARN that lacks parts is none. */
export function arnMatcher(wanted: string, variables: boolean): Matcher {
  return partsMatcher(partsOfPattern(wanted), variables)
}

/**
 * As statements name resources. Where principals carry the policy, AWS takes the parts that are missing for `*`: `arn:aws:ssm:eu-west-1` is
 * everything of SSM in that region. Elsewhere it does so only if there is some other wildcard.
 */
export function resourceMatcher(wanted: string, variables: boolean, ofPrincipal: boolean): Matcher {
  if (wanted === '*') return () => true
  const parts = partsOfPattern(wanted)
  const completed = ofPrincipal || wanted.includes('*')
  return partsMatcher(completed ? Array.from({ length: PARTS }, (_, i) => parts[i] ?? '*') : parts, variables)
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
  const parts: string[] = []
  let from = 0
  for (let at = text.indexOf(':'); at >= 0 && parts.length < PARTS - 1; at = text.indexOf(':', from)) {
    parts.push(text.slice(from, at))
    from = at + 1
  }
  parts.push(text.slice(from))
  return parts
}

function partsMatcher(parts: readonly string[], variables: boolean): Matcher {
  // Then a wildcard is in the last part alone, where it may reach over colons.
  const plain = parts.length === PARTS && !parts.slice(0, -1).some((part) => /[*?$]/.test(part))
  if (plain) return wildcardMatcher(parts.join(':'), variables)
  const matchers = parts
    .map((part, index) => ({ index, part, matches: wildcardMatcher(part, variables) }))
    .filter(({ part }) => part !== '*')
    // Parts at the end differ most.
    .reverse()
  return (text, context) => {
    const given = partsOfLast(text)
    if (given.length !== parts.length) return false
    for (const { index, matches } of matchers) if (!matches(given[index]!, context)) return false
    return true
  }
}

let last: { readonly text: string; readonly parts: readonly string[] } = { text: '', parts: [''] }

/** The statements of one decision look at the same few ARNs. */
function partsOfLast(text: string): readonly string[] {
  if (text !== last.text) last = { text, parts: partsOf(text) }
  return last.parts
}
