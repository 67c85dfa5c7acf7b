#!/usr/bin/env node
// What the AWS CLI starts for `aws ssm start-session`, in the place of Amazon's program of this name.
if (process.argv.length === 3 && process.argv[2] === '--version') {
  // Asked before every session. The CLI and agents choose by this version how they speak: it is that of the program whose part this plays.
  process.stdout.write('1.2.677.0\n')
} else {
  const { launch } = await import('./launch.mjs')
  await launch(import.meta.url, 'session-manager-plugin', '../src/plugin/main.ts')
}
