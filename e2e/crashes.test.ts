/**
 * Everything that may be killed is killed, at random moments, while 200 commands go through: in the end each has run exactly
 * once and its result is known. Scripts write their number to a file when they begin, so a second run would show, and so
 * would one that is counted but never was.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { SendCommandCommand } from '@aws-sdk/client-ssm'
import { eventually } from '@steward/testkit'
import { type Agent, Installation } from './installation.ts'
import { invocationOf, untilEnded } from './run-command.ts'

const COMMANDS = 200
const AGENTS = 3
const SENDERS = 4
const PATIENCE_MS = 120_000
/** After so many the commands may go through in peace: on a busy machine they would be killed faster than they run. */
const KILLS = 24

test('AGT-21 kill -9 of server and agents while 200 commands run: none is lost, none runs twice', async (t) => {
  const seed = Number(process.env.STEWARD_TEST_SEED ?? Date.now() % 1_000_000)
  t.diagnostic(`STEWARD_TEST_SEED=${seed}`)
  const random = seeded(seed)
  await using steward = await Installation.start()
  const agents = await steward.startAgents(AGENTS)
  const ledger = join(steward.folder, 'ledger')

  let sending = true
  const killer = killAtRandom(steward, agents, () => sending, random)
  const ids: Sent[] = []
  try {
    ids.push(...(await sendAll(steward, agents, ledger, random)))
    for (const { id } of ids) await untilEnded(steward.ssm, id, PATIENCE_MS)
  } finally {
    sending = false
  }
  const kills = await killer
  t.diagnostic(`${kills.server} kills of the server, ${kills.agent} of agents`)

  for (const { id, agent, number } of ids) {
    const invocation = await invocationOf(steward.ssm, id, agent)
    const { StatusDetails, ResponseCode, StandardOutputContent, StandardErrorContent } = invocation
    const expected = number % 10 === 0 ? ['Failed', 9] : ['Success', 0]
    assert.deepEqual(
      [StatusDetails, ResponseCode, StandardOutputContent],
      [...expected, `${number}\n`],
      `command ${number}: ${StandardErrorContent}`,
    )
  }
  const began = readFileSync(ledger, 'utf8').trim().split('\n')
  assert.equal(new Set(began).size, began.length, `twice: ${began.filter((id, index) => began.indexOf(id) !== index)}`)
  for (const { id } of ids) assert.ok(began.includes(id), `command ${id} never ran`)
})

interface Sent {
  readonly id: string
  readonly number: number
  readonly agent: Agent
}

/** Sends the commands, a few at a time, to one agent each. */
async function sendAll(
  steward: Installation,
  agents: readonly Agent[],
  ledger: string,
  random: () => number,
): Promise<Sent[]> {
  const sent: Sent[] = []
  let next = 0
  const sender = async () => {
    while (next < COMMANDS) {
      const number = next++
      const agent = agents[number % agents.length]!
      const seconds = (random() * 0.3).toFixed(2)
      const commands = [`echo $SSM_COMMAND_ID >> ${ledger}`, `sleep ${seconds}`, `echo ${number}`]
      if (number % 10 === 0) commands.push('exit 9')
      const input = { DocumentName: 'AWS-RunShellScript', InstanceIds: [agent.id], Parameters: { commands } }
      // Sent again until there is an answer; one that was stored though its answer was lost is a command of its own.
      const { Command } = await eventually(() => steward.ssm.send(new SendCommandCommand(input)), PATIENCE_MS)
      sent.push({ id: Command!.CommandId!, number, agent })
    }
  }
  await Promise.all(Array.from({ length: SENDERS }, sender))
  return sent
}

/** Kills the server or an agent, starts it again after a moment, and goes on as long as `wanted`, but not for ever, and six times at least. */
async function killAtRandom(
  steward: Installation,
  agents: readonly Agent[],
  wanted: () => boolean,
  random: () => number,
): Promise<{ server: number; agent: number }> {
  const kills = { server: 0, agent: 0 }
  while ((wanted() && kills.server + kills.agent < KILLS) || kills.server < 2) {
    await sleep(200 + random() * 1200)
    if (kills.agent > 2 * kills.server) {
      kills.server++
      await steward.killServer()
      await sleep(random() * 300)
      await steward.startServer()
    } else {
      kills.agent++
      const agent = agents[Math.floor(random() * agents.length)]!
      await agent.kill()
      await sleep(random() * 300)
      agent.spawn()
    }
  }
  return kills
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
