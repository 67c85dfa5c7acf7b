import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { AgentProcess } from '#testing/agent-process.ts'
import { TestNode } from '#testing/test-node.ts'

test('SM-17 the agent’s one file opens terminals: it carries their addon', async () => {
  const builder = new URL('../../build.mjs', import.meta.url)
  const { buildAgent } = (await import(builder.href)) as { buildAgent(outfile: string): Promise<string> }
  await using node = await TestNode.registered()
  await using _agent = await AgentProcess.start(node, await buildAgent(join(node.state, 'agent.mjs')))
  for (const visit of ['first', 'second']) {
    const session = node.server.startSession({ schemaVersion: '1.0', sessionType: 'Standard_Stream' })
    session.type(`tty; echo ${visit} vi''sit; exit\r`)
    await session.shows(new RegExp(`/dev/[\\s\\S]*${visit} visit\r\n`))
    assert.equal((await session.ended()).status, 'Success')
  }
  assert.equal(readdirSync(join(node.state, 'compiled')).filter((name) => name.endsWith('.node')).length, 1)
})
