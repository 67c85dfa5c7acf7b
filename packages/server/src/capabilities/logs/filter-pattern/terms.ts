import { invalid, invalidPattern } from '../errors.ts'
import { type Matcher, simpleExpression } from './simple-expression.ts'

/**
 * Words, texts in quotes and expressions between `%`: a message must have all of them, none of those after `-`, and one of those after
 * `?`, which count only where there is none without a mark. Capitals matter; a word may be a part of a longer one.
 */
export function parseTerms(text: string): Matcher {
  const terms = { '': [] as Matcher[], '-': [] as Matcher[], '?': [] as Matcher[] }
  let rest = text
  while (rest !== '') {
    const [whole, mark = '', quoted, expression, word] =
      /^([-?]?)(?:"((?:[^"\\]|\\.)*)"|%([^%]+)%|([^\s"%]+))\s*/s.exec(rest) ?? []
    if (whole === undefined) throw invalidPattern()
    if (word !== undefined && !/^[\p{L}\p{N}_]+$/u.test(word)) throw invalid(`Invalid character(s) in term '${word}'`)
    const wanted = word ?? quoted?.replace(/\\(.)/gs, '$1')
    terms[mark as keyof typeof terms].push(
      wanted === undefined ? simpleExpression(expression!) : (message) => message.includes(wanted),
    )
    rest = rest.slice(whole.length)
  }
  const { '': all, '-': none, '?': some } = terms
  return (message) =>
    all.every((has) => has(message)) &&
    !none.some((has) => has(message)) &&
    (all.length > 0 || some.length === 0 || some.some((has) => has(message)))
}
