/**
 * Runs the linter and formatter on the checkout; further arguments go to it, such as `--write`. Its program comes from the
 * platform's own package: the wrapper around those names platforms that not every registry has, and `npm ci` then fails.
 */
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'

const name = `@biomejs/cli-${process.platform}-${process.arch}`
const program = locate()
if (program) {
  const { status } = spawnSync(program, ['check', '--error-on-warnings', ...process.argv.slice(2), '.'], {
    stdio: 'inherit',
  })
  process.exit(status ?? 1)
}
process.stderr.write(`lint: skipped, there is no ${name} here\n`)

function locate(): string | undefined {
  try {
    return createRequire(import.meta.url).resolve(`${name}/biome`)
  } catch {
    return undefined
  }
}
