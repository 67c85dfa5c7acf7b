import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { test } from 'node:test'

const source = import.meta.dirname

/** The files and packages that are loaded with a file: its imports, but not those of types or by `import()`. */
function loadedWith(path: string, loaded = new Set<string>()): Set<string> {
  if (loaded.has(path)) return loaded
  loaded.add(path)
  for (const [, name] of readFileSync(path, 'utf8').matchAll(/^(?:import|export)(?! type)\b[^;'"]*?from '([^']+)'/gm)) {
    if (name!.startsWith('#')) loadedWith(join(source, name!.slice(1)), loaded)
    else if (name!.startsWith('.')) loadedWith(resolve(dirname(path), name!), loaded)
    else loaded.add(name!)
  }
  return loaded
}

test('AGT-20 an idle agent has loaded nothing that only work needs', () => {
  const loaded = [...loadedWith(join(source, 'cli/run.ts'))].map((path) => relative(source, path))
  assert.ok(loaded.includes('agent.ts') && loaded.includes('commands/commands.ts'))
  const heavy = /^(sessions|inventory|outputs)\/|^associations\/(?!association\.ts)|schedule|yaml|node-pty/
  assert.deepEqual(
    loaded.filter((path) => heavy.test(path)),
    [],
  )
})
