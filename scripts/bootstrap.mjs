// Makes sure that what package-lock.json says is installed and that `node_modules/.bin/node` is the pinned Node, so that
// the script after this one runs on it whatever Node the machine has. Plain JavaScript: it must run on Node 18.
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')
const stamp = join(modules, '.steward-stamp')
const lock = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex')
const oldestNode = 24

if (!isInstalled()) {
  install()
  linkNode()
  writeFileSync(stamp, lock)
}

function isInstalled() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === lock && existsSync(join(modules, '.bin', 'node'))
}

function install() {
  console.error('Steward: installing dependencies (first start, or package-lock.json changed) …')
  const npm = process.env.npm_execpath
  const [command, first] = npm && /\.c?js$/.test(npm) ? [process.execPath, [npm]] : ['npm', []]
  const args = [...first, 'ci', '--ignore-scripts', '--no-fund', '--no-audit', '--loglevel=error']
  const result = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] })
  if (result.status === 0) return
  console.error('Steward: npm ci failed. Check that the npm registry can be reached (npm ping), then try again.')
  process.exit(1)
}

// npm 10 may lose the link that the platform package made when it cleans up the skipped platforms (npm/cli#4362).
function linkNode() {
  const require = createRequire(join(root, 'package.json'))
  const platform = readdirSync(modules).filter((name) => /^node-(bin-)?(linux|darwin)-/.test(name))
  const binary = platform
    .map((name) => join(dirname(require.resolve(`${name}/package.json`)), 'bin', 'node'))
    .find(runs)
  const target = binary ?? (Number(process.versions.node.split('.')[0]) >= oldestNode ? process.execPath : undefined)
  if (!target) {
    console.error(
      `Steward: no packaged Node runs on this machine (${process.platform} ${process.arch}). ` +
        `Install Node ${oldestNode} or newer and start again.`,
    )
    process.exit(1)
  }
  const link = join(modules, '.bin', 'node')
  mkdirSync(dirname(link), { recursive: true })
  rmSync(link, { force: true })
  symlinkSync(relative(dirname(link), target), link)
}

function runs(binary) {
  try {
    execFileSync(binary, ['-e', '0'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
