import { quoteForSh } from '#shell-exports.ts'

/**
 * The command of AWS-StartNonInteractiveCommand that runs a line in a shell. The agent splits it into words as a shell would, but
 * runs none by itself.
 */
export function inShell(line: string): string {
  return `sh -c ${quoteForSh(line)}`
}

/**
 * What was typed after `--`: one word is a line for the shell at the other end; several are a program and its arguments, which arrive as
 * they were typed.
 */
export function lineOf(words: readonly string[]): string {
  return words.length === 1 ? words[0]! : words.map(quoteForSh).join(' ')
}
