import { quoteForSh } from '@steward/session-client/node-script.ts'

/**
 * What was typed after `--`: one word is a line for the shell at the other end; several are a program and its arguments, which arrive as
 * they were typed.
 */
export function lineOf(words: readonly string[]): string {
  return words.length === 1 ? words[0]! : words.map(quoteForSh).join(' ')
}
