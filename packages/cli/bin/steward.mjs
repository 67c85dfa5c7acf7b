#!/usr/bin/env node
// Plain JavaScript: it may be an old Node that starts this, when it is called by its path instead of through npx.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { fileURLToPath } from 'node:url'

const oldestNode = 24
const pinnedNode = fileURLToPath(new URL('../../../node_modules/.bin/node', import.meta.url))

if (Number(process.versions.node.split('.')[0]) >= oldestNode) {
  nodeModule.enableCompileCache()
  const { main } = await import('../src/main.ts')
  await main()
} else if (existsSync(pinnedNode)) {
  // Ctrl-C reaches the child too, and the child decides what it means.
  process.on('SIGINT', () => {})
  const { status } = spawnSync(pinnedNode, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
  })
  process.exitCode = status ?? 1
} else {
  console.error(
    `steward: Node ${oldestNode} or newer is needed, and this is ${process.version}. Run npm start once: it brings its own.`,
  )
  process.exitCode = 1
}
