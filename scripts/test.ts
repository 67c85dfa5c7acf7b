/**
 * Everything that must hold before a change lands: types, lint, and all tests, which share one PostgreSQL. Names of test files, or
 * parts of their paths, narrow the tests down: `npm test -- documents` runs those of the documents and skips types and lint.
 */
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { startPostgres } from '@steward/testkit'

const FILE_SECONDS = 600
const wanted = process.argv.slice(2)

if (wanted.length === 0) {
  check('types', 'tsc', ['--noEmit'])
  check('types of the console', 'tsc', ['--noEmit', '-p', 'packages/console'])
  check('lint', process.execPath, [join(import.meta.dirname, 'lint.ts')])
}

check('console', process.execPath, [join(import.meta.dirname, '../packages/console/build.mjs')])

const files = globSync(['packages/*/src/**/*.test.ts', 'e2e/**/*.test.ts', 'bench/**/*.test.ts', 'scripts/*.test.ts'])
  .filter((file) => !file.includes('node_modules'))
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .sort()
const postgres = await startPostgres()
process.env.STEWARD_TEST_POSTGRES = postgres.url
// Most test files load the whole server; compiled by the first, it is half as long in the others.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, '../node_modules/.cache/node-compile')

const counts = { passed: 0, failed: 0, skipped: 0 }
const stream = run({ files, concurrency: 2, timeout: FILE_SECONDS * 1000 })
stream.on('test:pass', (event) => count(event, 'passed'))
stream.on('test:fail', (event) => count(event, 'failed'))
stream.compose(new spec()).pipe(process.stdout)
await new Promise((resolve) => stream.once('end', resolve))
await postgres.stop()

const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''
process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed${skipped}\n`)
process.exit(counts.failed > 0 || counts.passed === 0 ? 1 : 0)

/** A file counts only if it fails as a whole; its tests are counted one by one. */
function count(event: object, outcome: 'passed' | 'failed'): void {
  const { skip, file, name, details } = event as {
    skip?: unknown
    file?: string
    name: string
    details: { type?: string }
  }
  if (details.type === 'suite' || (outcome === 'passed' && file?.endsWith(name))) return
  counts[skip ? 'skipped' : outcome]++
}

function check(what: string, command: string, args: string[]): void {
  const began = performance.now()
  const { status } = spawnSync(command, args, { stdio: 'inherit', shell: false })
  if (status === 0) {
    process.stdout.write(`✔ ${what} (${Math.round(performance.now() - began)} ms)\n`)
    return
  }
  process.stdout.write(`✖ ${what}\n\n0 passed, 1 failed\n`)
  process.exit(1)
}
