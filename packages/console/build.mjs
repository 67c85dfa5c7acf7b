/*
 * Makes the console what browsers load, with each file compressed beside itself:
 *
 *   node packages/console/build.mjs
 *
 * `dist/current` leads to the newest build. Those before it stay for a while, for servers and browsers that began with one. Does
 * nothing when the newest was made of the same sources; several at once do no harm.
 */
import { createHash, randomUUID } from 'node:crypto'
import {
  existsSync,
  globSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const here = import.meta.dirname
const dist = join(here, 'dist')

const KEPT_BUILDS = 8

/** Builds what is not built yet. `report` is told when that takes a while. */
export async function buildConsole(report = () => {}) {
  const name = sourceStamp()
  if (!existsSync(join(dist, name))) {
    report('building the console')
    const { build } = await import('vite')
    const made = join(dist, `.${randomUUID()}`)
    await build({ root: here, logLevel: 'error', build: { outDir: made, emptyOutDir: true } })
    for (const file of globSync('**/*.{js,css,html,svg}', { cwd: made })) compress(join(made, file))
    settle(made, join(dist, name))
  }
  point(name)
  forgetOld()
}

/** What the result depends on: the sources here and next door, and the versions of everything else. */
function sourceStamp() {
  const files = globSync(
    [
      'index.html',
      'vite.config.ts',
      'build.mjs',
      'public/*',
      'src/**/*.{ts,tsx,css}',
      '../session-client/src/*.ts',
      '../protocol/src/**/*.ts',
      '../../package-lock.json',
    ],
    { cwd: here },
  ).filter((file) => !/\.test\.ts$|\/testing\//.test(file))
  const hash = createHash('sha256')
  for (const file of files.sort()) hash.update(`${file}\n`).update(readFileSync(join(here, file)))
  return hash.digest('hex').slice(0, 16)
}

function compress(file) {
  const bytes = readFileSync(file)
  const brotli = {
    params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: statSync(file).size },
  }
  writeFileSync(`${file}.br`, brotliCompressSync(bytes, brotli))
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }))
}

function settle(made, at) {
  try {
    renameSync(made, at)
  } catch (error) {
    // Somebody else was quicker with the same.
    if (!existsSync(at)) throw error
    rmSync(made, { recursive: true })
  }
}

/** At once: whoever follows the link finds the one or the other. */
function point(name) {
  if (existsSync(join(dist, 'current')) && readlinkSync(join(dist, 'current')) === name) return
  const link = join(dist, `.${randomUUID()}`)
  symlinkSync(name, link)
  renameSync(link, join(dist, 'current'))
}

function forgetOld() {
  const builds = readdirSync(dist).filter((name) => /^[0-9a-f]{16}$/.test(name))
  const byAge = builds.map((name) => ({ name, at: statSync(join(dist, name)).mtimeMs })).sort((a, b) => b.at - a.at)
  for (const { name } of byAge.slice(KEPT_BUILDS)) rmSync(join(dist, name), { recursive: true, force: true })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildConsole((step) => process.stderr.write(`Steward: ${step} …\n`))
}
