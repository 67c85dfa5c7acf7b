// Plain JavaScript: it may be an old Node that starts this, when a program is called by its path instead of through npx.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { fileURLToPath } from 'node:url'

const oldestNode = 24
const pinnedNode = fileURLToPath(new URL('../../../node_modules/.bin/node', import.meta.url))

/**
 * Runs `main` of a module of this package with a Node that understands it: this one, or the one that `npm start` brought. `self` is the
 * file that was called, `name` what people call it.
 */
export async function launch(self, name, module) {
  if (Number(process.versions.node.split('.')[0]) >= oldestNode) {
    nodeModule.enableCompileCache()
    const { main } = await import(module)
    await main()
  } else if (existsSync(pinnedNode)) {
    process.exitCode = await withNode(pinnedNode, [fileURLToPath(self), ...process.argv.slice(2)])
  } else {
    console.error(
      `${name}: Node ${oldestNode} or newer is needed, and this is ${process.version}. Run npm start once: it brings its own.`,
    )
    process.exitCode = 1
  }
}

function withNode(node, words) {
  const child = spawn(node, words, { stdio: 'inherit' })
  // Ctrl-C reaches the child too, and the child decides what it means; what else ends programs is passed on.
  process.on('SIGINT', () => {})
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}
