/** The scripts of package.json on a machine that has an older Node and nothing installed yet. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import description from '../package.json' with { type: 'json' }

/** Stands for the machine's Node, which installs the pinned one at its first run. */
const INSTALLS = `#!/bin/sh
echo "old $1"
printf '#!/bin/sh\\necho "pinned $1"\\n' > "$FOLDER/pinned/node"
chmod +x "$FOLDER/pinned/node"
`

// A shell remembers where it found a command; which shell runs the scripts is the system's choice.
for (const shell of ['sh', 'dash', 'bash'].filter((name) => existsSync(join('/bin', name)))) {
  for (const [name, script] of Object.entries(description.scripts)) {
    test(`from an old Node, npm run ${name} goes on with the pinned one (${shell})`, () => {
      const folder = mkdtempSync(join(tmpdir(), 'steward-scripts-'))
      try {
        for (const part of ['pinned', 'system']) mkdirSync(join(folder, part))
        writeFileSync(join(folder, 'system', 'node'), INSTALLS, { mode: 0o755 })
        writeFileSync(join(folder, 'system', 'tsc'), '#!/bin/sh\n', { mode: 0o755 })
        const PATH = `${join(folder, 'pinned')}:${join(folder, 'system')}:/usr/bin:/bin`
        const { stdout } = spawnSync(join('/bin', shell), ['-c', script], {
          env: { PATH, FOLDER: folder },
          encoding: 'utf8',
        })
        const [first, ...others] = stdout.trim().split('\n')
        assert.equal(first, 'old scripts/bootstrap.mjs')
        assert.ok(others.length > 0)
        assert.deepEqual(
          others.filter((line) => !line.startsWith('pinned ')),
          [],
        )
      } finally {
        rmSync(folder, { recursive: true })
      }
    })
  }
}
