/*
 * Makes the agent one file that a machine with Node 20.12 or later, and nothing else, can run:
 *
 *   node packages/agent/build.mjs            dist/steward-agent.mjs
 *
 * The same file runs under Bun, and `bun build --compile dist/steward-agent.mjs` makes a program of it that needs
 * neither.
 */
import { chmod, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

/** The licences of the packages inside, which ask to be passed on. */
async function notices(packages) {
  const texts = packages.map(async (name) => {
    const licence = new URL('LICENSE', import.meta.resolve(`${name}/package.json`))
    return `${name}\n\n${await readFile(licence, 'utf8')}`
  })
  return `/*\n${(await Promise.all(texts)).join('\n')}*/`
}

const platforms = ['linux-x64', 'linux-arm64']

/**
 * The terminal addons of the platforms whose package is installed; npm installs that of this machine's own. An agent without
 * one opens terminals by script(1).
 */
async function ptyAddons() {
  const require = createRequire(import.meta.url)
  const addons = platforms.map(async (platform) => {
    try {
      const bytes = await readFile(require.resolve(`@lydell/node-pty-${platform}/pty.node`))
      return [[platform, gzipSync(bytes, { level: 9 }).toString('base64')]]
    } catch {
      return []
    }
  })
  return Object.fromEntries((await Promise.all(addons)).flat())
}

/** Puts the addons in the place that the source leaves empty for them. */
const embedPtyAddons = {
  name: 'pty-addons',
  setup(build) {
    build.onLoad({ filter: /pty\/embedded-addons\.ts$/ }, async () => ({
      contents: `export const embeddedAddons = ${JSON.stringify(await ptyAddons())}`,
    }))
  },
}

/**
 * Takes Node's own modules by require() when they are first needed. An import takes all that the whole bundle names, and every
 * export of each, some of which load much more: it doubles the time in which a session's worker starts. esbuild's own wrapping looks at every
 * export that a module has itself, which of `node:util` loads as much; what only inherits from the module has none.
 */
const requireBuiltins = {
  name: 'require-builtins',
  setup(build) {
    build.onResolve({ filter: /^node:/ }, ({ path, kind }) =>
      kind === 'import-statement' ? { path, namespace: 'builtin' } : { path, external: true },
    )
    build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = Object.create(require(${JSON.stringify(path)}))`,
    }))
  },
}

/** ws loads compression with itself, a megabyte that no connection of the agent's has a use for (`perMessageDeflate`). */
const requireCompressionLate = {
  name: 'require-compression-late',
  setup(build) {
    build.onResolve({ filter: /^zlib$/ }, ({ path }) => ({ path, namespace: 'late' }))
    build.onLoad({ filter: /.*/, namespace: 'late' }, ({ path }) => ({
      contents: `module.exports = new Proxy({}, { get: (_, name) => require('node:${path}')[name] })`,
    }))
  },
}

/** Bundles the agent into `outfile`. */
export async function buildAgent(outfile = here('dist/steward-agent.mjs')) {
  await build({
    entryPoints: [here('src/main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    minify: true,
    plugins: [embedPtyAddons, requireBuiltins, requireCompressionLate],
    footer: { js: await notices(['ws', 'yaml', '@lydell/node-pty']) },
    // Packages written for require() find it here.
    banner: {
      js: "import { createRequire as stewardRequire } from 'node:module'; const require = stewardRequire(import.meta.url);",
    },
    // Optional speed-ups of ws that it does without.
    external: ['bufferutil', 'utf-8-validate'],
    logLevel: 'warning',
  })
  await chmod(outfile, 0o755)
  return outfile
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(`${await buildAgent(process.argv[2])}\n`)
