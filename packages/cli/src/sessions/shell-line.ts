import { quoteForSh } from '#shell-exports.ts'

/**
 * The command of AWS-StartNonInteractiveCommand that runs a line in a shell. The agent splits it into words as a shell would, but
 * runs none by itself.
 */
export function inShell(line: string): string {
  return `sh -c ${quoteForSh(line)}`
}

/** What was typed after `--`: as ssh does, the words are one line for the shell at the other end. */
export function lineOf(words: readonly string[]): string {
  return words.join(' ')
}
