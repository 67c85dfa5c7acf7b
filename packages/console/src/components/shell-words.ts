/** A command for a POSIX shell: each word quoted where it has to be. Words that are undefined or false are left out. */
export function shellWords(...words: readonly (string | number | false | undefined)[]): string {
  return words
    .filter((word) => word !== undefined && word !== false)
    .map((word) => quoted(String(word)))
    .join(' ')
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
