/**
 * What our agent needs while it has nothing to do: memory and processor, over a minute. Beside it the two processes of
 * amazon-ssm-agent, if AMAZON_SSM_AGENT names the directory of its programs.
 */
import { Agents } from '../agents.ts'
import { cpuSeconds, memory } from '../process-usage.ts'
import { type Measurement, number, type Row } from '../report.ts'
import { Steward } from '../steward.ts'
import { AmazonAgent } from './amazon-agent.ts'

const SETTLE_MS = 10_000
const MEASURE_MS = 60_000
/** Measured on another day: what to compare with where the agent itself is not at hand. */
const QUOTED = { rss: 41, pss: Number.NaN, cpu: 0.00035 }

interface Idle {
  readonly rss: number
  readonly pss: number
  /** Share of one core. */
  readonly cpu: number
}

export const agentMeasurement: Measurement = {
  title: 'One idle agent',
  async run(say) {
    await using steward = await Steward.start({ https: true })
    await using agents = new Agents(steward)
    await agents.growTo(1)
    await using amazon = await AmazonAgent.start(steward, process.env.AMAZON_SSM_AGENT)
    say('idle for 70 s')
    await sleep(SETTLE_MS)
    const [ours, theirs] = await Promise.all([idle(agents.pids), amazon ? idle(amazon.pids()) : QUOTED])
    return toRows(ours, theirs, amazon ? 'amazon-ssm-agent' : 'amazon-ssm-agent, quoted')
  },
}

async function idle(pids: readonly number[]): Promise<Idle> {
  const before = cpuSeconds(...pids)
  await sleep(MEASURE_MS)
  return { ...memory(...pids), cpu: (cpuSeconds(...pids) - before) / (MEASURE_MS / 1000) }
}

function toRows(ours: Idle, theirs: Idle, whose: string): Row[] {
  const row = (what: string, of: (idle: Idle) => number, digits: number, unit: string): Row => {
    const known = !Number.isNaN(of(theirs))
    return {
      what,
      steward: `${number(of(ours), digits)} ${unit}`,
      beside: known ? `${number(of(theirs), digits)} ${unit} (${whose})` : '',
      ratio: known ? number(of(ours) / of(theirs), 2) : '',
      target: known ? 'level' : '',
      met: known ? of(ours) <= of(theirs) * 1.05 : undefined,
    }
  }
  return [
    row('resident memory', ({ rss }) => rss, 0, 'MB'),
    row('its share of it (PSS)', ({ pss }) => pss, 0, 'MB'),
    row('processor', ({ cpu }) => cpu * 100, 3, '% of a core'),
  ]
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
