import { EXIT } from '#fault.ts'
import { type Io, paint } from '#io.ts'
import { lineDiff } from '#params/line-diff.ts'
import { apiOf, history, type Version, versionOf } from '#params/parameters.ts'

/** Shows what changed from one version to another: by default from the one before the latest. Exit code 1 if something did. */
export async function paramsDiff(
  io: Io,
  name: string,
  from: number | undefined,
  to: number | undefined,
  options: { decrypt?: boolean },
): Promise<number> {
  const versions = await history(apiOf(io), name, true)
  const after = versionOf(versions, name, to)
  const before = versionOf(versions, name, from ?? Math.max(1, (after.Version ?? 1) - 1))
  const heading = ({ Version, Type }: Version) => `${name} version ${Version} (${Type})`
  const isSecret = [before, after].some(({ Type }) => Type === 'SecureString') && !options.decrypt
  if (before.Value === after.Value && before.Type === after.Type) return EXIT.ok
  io.stdout.write(`--- ${heading(before)}\n+++ ${heading(after)}\n`)
  if (isSecret) io.stdout.write('The values are secret; --decrypt shows them.\n')
  else for (const line of lineDiff(before.Value ?? '', after.Value ?? '')) io.stdout.write(`${coloured(io, line)}\n`)
  return EXIT.failed
}

function coloured(io: Io, line: string): string {
  if (line.startsWith('-')) return paint(io, io.stdout, 'red', line)
  return line.startsWith('+') ? paint(io, io.stdout, 'green', line) : line
}
