/*
 * aws:updateSsmAgent: replaces this agent by the version that its server serves. The step begins under one version and ends under
 * another, so whoever runs it next must be able to tell how it went. What was decided is kept by `once`; that the new version was
 * tried, and why it did not do, is in the attempt's record; and that it succeeded is told by nothing but the version that runs.
 *
 *   decided, not tried   the agent was restarted meanwhile: downloads and tries now
 *   tried, former runs   failed, with the recorded reason, or was interrupted; never tried a second time
 *   new one runs         succeeded
 *
 * While the new version is on trial (see succession.ts) it takes up the step like any other, and leaves it to who comes after.
 */
import { randomUUID } from 'node:crypto'
import { inputFlag, inputText, readInputs } from '#plugins/inputs.ts'
import { failed, type Plugin, type PluginIo, type PluginResult, type PluginServer, succeeded } from '#plugins/plugin.ts'
import { type Attempt, readAttempt } from '#plugins/update-ssm-agent/attempt.ts'
import { compareVersions } from '#plugins/update-ssm-agent/compare-versions.ts'
import { fetchAgent, type ServedAgent, servedAgent } from '#plugins/update-ssm-agent/served-agent.ts'
import { Detached } from '#stop-reason.ts'
import { agentName, agentVersion } from '#version.ts'

/** The program around the agent, as far as it lets itself be replaced. */
export type Replaceable = {
  /** Why it does not; undefined when it does. */
  readonly refusal: string | undefined
  /** Whether an earlier version only tries this one out: nothing is decided yet. */
  readonly isOnTrial: boolean
  /** Where the next version is to be put. */
  readonly next: string
  /** Tries the next version and goes on as it, or as this one again. The agent is stopped for it. */
  replace(attempt: Attempt): void
}

export type UpdateHost = {
  replaceable: Replaceable
  /** The file of the last attempt. */
  record: string
}

/** What the step comes to without a replacement, or what is to replace this agent. */
type Decision = { attempt: Attempt; served: ServedAgent } | { status: 'Success' | 'Failed'; sentence: string }

export function updateSsmAgent({ replaceable, record }: UpdateHost): Plugin {
  let isUnderWay = false

  async function replace(
    { attempt, served }: { attempt: Attempt; served: ServedAgent },
    io: PluginIo,
    signal: AbortSignal,
  ) {
    if (isUnderWay) return failed('Another update in progress, try again later')
    isUnderWay = true
    try {
      await fetchAgent(io.server, served, replaceable.next, signal)
      replaceable.replace(attempt)
      return await leftToTheNext(signal)
    } finally {
      isUnderWay = false
    }
  }

  return {
    name: 'aws:updateSsmAgent',
    async run({ inputs }, io, signal) {
      if (replaceable.isOnTrial) return leftToTheNext(signal)
      const [properties] = [inputs].flat()
      const decide = async () => JSON.stringify(await decision(properties, io.server, replaceable.refusal))
      const decided = JSON.parse(await io.once('decision', decide)) as Decision
      if (!('attempt' in decided))
        return decided.status === 'Success' ? succeeded(decided.sentence) : failed(decided.sentence)
      return (await outcome(decided.attempt, record)) ?? (await replace(decided, io, signal))
    },
  }
}

async function decision(inputs: unknown, server: PluginServer, refusal: string | undefined): Promise<Decision> {
  const given = readInputs(inputs)
  const wanted = inputText(given, 'targetVersion').trim()
  const served = await servedAgent(server)
  const fail = (sentence: string): Decision => ({ status: 'Failed', sentence })
  if (agentVersion === (wanted || served.version))
    return { status: 'Success', sentence: `${agentName} ${agentVersion} is up to date` }
  if (wanted !== '' && wanted !== served.version)
    return fail(`the control plane serves ${agentName} ${served.version} and no other version, so not ${wanted}`)
  if (compareVersions(served.version, agentVersion) < 0 && !inputFlag(given, 'allowDowngrade'))
    return fail(
      `${agentName} ${agentVersion} is newer than ${served.version}; it is replaced only if allowDowngrade is true`,
    )
  if (refusal !== undefined) return fail(`${agentName} ${agentVersion} is not updated to ${served.version}: ${refusal}`)
  return { attempt: { id: randomUUID(), from: agentVersion, to: served.version }, served }
}

/** How an attempt went; undefined when it was not made yet. */
async function outcome({ id, from, to }: Attempt, record: string): Promise<PluginResult | undefined> {
  if (agentVersion === to) return succeeded(`${agentName} was updated from ${from} to ${to}`)
  const last = await readAttempt(record)
  if (last?.id !== id) return undefined
  const why = last.why ?? 'the agent was stopped while the new version was tried'
  return failed(`${agentName} could not be updated from ${from} to ${to}, and ${agentVersion} goes on: ${why}`)
}

/** Until this agent is stopped: the step is ended by the one that comes after. */
function leftToTheNext(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const check = () => {
      if (signal.reason instanceof Detached) reject(signal.reason)
    }
    signal.addEventListener('abort', check)
    check()
  })
}
