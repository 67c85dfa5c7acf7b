/** `npm run bench`, or `npm run bench -- requests fleet latency agent` for some of it. `--record` writes the results to README.md. */
import { readFileSync, writeFileSync } from 'node:fs'
import { agentMeasurement } from './agent/agent.ts'
import { associationsMeasurement } from './associations/associations.ts'
import { auditMeasurement } from './audit/audit.ts'
import { decisionMeasurement } from './decision/decision.ts'
import { type EnrolledFleet, enrolFleet } from './fleet/enrolled-fleet.ts'
import { fleetMeasurement } from './fleet/fleet.ts'
import { inventoryMeasurement } from './inventory/inventory.ts'
import { latencyMeasurement } from './latency/latency.ts'
import { machine } from './machine.ts'
import { parametersMeasurement } from './parameters/parameters.ts'
import { type Measurement, toTable } from './report.ts'
import { requestsMeasurement } from './requests/requests.ts'
import { sessionsMeasurement } from './sessions/sessions.ts'

const README = new URL('README.md', import.meta.url)

let enrolled: Promise<EnrolledFleet> | undefined
// Enrolling takes a while, so whoever comes first does it for all.
const fleet = () => (enrolled ??= enrolFleet())

const measurements: Record<string, Measurement> = {
  requests: requestsMeasurement(fleet),
  fleet: fleetMeasurement(fleet),
  latency: latencyMeasurement,
  agent: agentMeasurement,
  decision: decisionMeasurement,
  audit: auditMeasurement,
  parameters: parametersMeasurement,
  sessions: sessionsMeasurement,
  inventory: inventoryMeasurement,
  associations: associationsMeasurement(fleet),
}

async function main(args: readonly string[]): Promise<void> {
  const names = args.filter((arg) => !arg.startsWith('--'))
  const unknown = names.find((name) => !(name in measurements))
  if (unknown) throw new Error(`There is no measurement ${unknown}; there are ${Object.keys(measurements).join(', ')}.`)
  try {
    for (const name of names.length > 0 ? names : Object.keys(measurements)) {
      // One that fails says so and leaves the others their turn.
      await measure(name, args.includes('--record')).catch((error) => {
        console.error(error)
        process.exitCode = 1
      })
    }
  } finally {
    await (await enrolled)?.[Symbol.asyncDispose]()
  }
}

async function measure(name: string, recording: boolean): Promise<void> {
  const { title, run } = measurements[name]!
  const where = machine()
  process.stderr.write(`${title}\n`)
  const table = toTable(await run((line) => process.stderr.write(`  ${line} …\n`)))
  process.stdout.write(`\n### ${title}\n\n${where}\n\n${table}\n\n`)
  if (recording) record(name, `${where}\n\n${table}`)
}

/** Replaces what stands between the markers of that measurement. */
function record(name: string, text: string): void {
  const readme = readFileSync(README, 'utf8')
  const between = new RegExp(`(<!-- ${name} -->\n)[^]*?(\n<!-- /${name} -->)`)
  if (!between.test(readme)) throw new Error(`README.md has no place for ${name}.`)
  writeFileSync(
    README,
    readme.replace(between, (_, before, after) => `${before}${text}${after}`),
  )
}

await main(process.argv.slice(2))
