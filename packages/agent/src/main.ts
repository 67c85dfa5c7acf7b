#!/usr/bin/env node
// The agent starts itself as the worker of a session. Its user waits for a prompt meanwhile, so it loads nothing else.
if (process.argv[2] === 'session-worker') {
  const { runWorker } = await import('#sessions/worker.ts')
  await runWorker()
} else if (process.argv[2] === 'inventory-worker') {
  const { runWorker } = await import('#inventory/worker.ts')
  await runWorker()
} else {
  if (process.argv[2] === 'run') (await import('#cli/lean-process.ts')).becomeLean()
  const { main } = await import('#cli/main.ts')
  await main(process.argv.slice(2))
}
