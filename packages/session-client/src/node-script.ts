/** Lines for the shell of a node. */

/** One word of a POSIX shell; quotes only what needs them. */
export function quoteForSh(text: string): string {
  return /^[A-Za-z0-9_@%+:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

/**
 * The command of AWS-StartNonInteractiveCommand that runs a line in a shell. The agent splits it into words as a shell would, but
 * runs none by itself.
 */
export function inShell(line: string): string {
  return `sh -c ${quoteForSh(line)}`
}

/** A path for a script that starts in the home directory; `~/` is that directory. */
export function remotePath(path: string): string {
  const inHome = path === '~' ? '.' : path.replace(/^~\//, '')
  return quoteForSh(inHome.startsWith('-') ? `./${inHome}` : inHome)
}

/** Scripts that are to fail at the first thing that does, in the home directory, with `sum`: SHA-256 of what it reads. */
export function script(...lines: readonly string[]): string {
  const sum = 'sum() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -c 1-64; }'
  return ['set -e', 'cd "$HOME"', sum, ...lines].join('\n')
}
