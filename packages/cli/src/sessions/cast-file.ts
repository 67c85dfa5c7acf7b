import { createReadStream } from 'node:fs'

/** The lines of a file that `sessions export` wrote. Only a line feed ends a line: `readline` would also take U+2028 for an end. */
export async function* castFileLines(path: string): AsyncGenerator<string> {
  let rest = ''
  for await (const text of createReadStream(path, 'utf8')) {
    const lines = `${rest}${text}`.split('\n')
    rest = lines.pop()!
    yield* lines
  }
  if (rest !== '') yield rest
}
