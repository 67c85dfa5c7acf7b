import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const SOURCES = join(import.meta.dirname, '..')
/** Looked at with a real node, in the tests of sessions. */
const ELSEWHERE = ['/sessions/shell', '/audit/:id']

test('the tests of every page know every page', () => {
  const known = readFileSync(join(SOURCES, 'testing/seeded.ts'), 'utf8')
  const addresses = [...known.matchAll(/path:\s+['`]([^'`?]+)/g)].map(([, path]) => path!.replace(/\$\{\w+\}/g, 'x'))
  const areas = globSync('pages/*/area.ts', { cwd: SOURCES }).map((file) => readFileSync(join(SOURCES, file), 'utf8'))
  const pages = areas.flatMap((area) =>
    [...area.matchAll(/path: '([^']+)',(?:\s+named: '\w+',)?\s+load/g)].map(([, path]) => path!),
  )
  assert.ok(pages.length > 30)
  const missing = pages
    .filter((page) => !ELSEWHERE.includes(page))
    .filter((page) => !addresses.some((address) => new RegExp(`^${page.replace(/:\w+/g, '[^/]+')}$`).test(address)))
  assert.deepEqual(missing, [])
})
