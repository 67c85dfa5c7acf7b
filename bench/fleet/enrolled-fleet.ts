import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { enrolNodes, type NodeIdentity } from '@steward/testkit/fleet.ts'
import { region, rootKey, Steward } from '../steward.ts'

export const FLEET_SIZE = 10_000
export const FLEET_TAG = { Key: 'fleet', Value: 'bench' }

/** The data of a server that knows 10,000 nodes, and who they are. Starting with it spares every measurement the half minute of enrolling. */
export interface EnrolledFleet extends AsyncDisposable {
  readonly data: string
  readonly nodes: readonly NodeIdentity[]
  /** JSON of `nodes`, for processes that play them. */
  readonly file: string
}

export async function enrolFleet(): Promise<EnrolledFleet> {
  const steward = await Steward.start()
  try {
    const nodes = await enrolNodes({ url: steward.url, region, rootKey, count: FLEET_SIZE, tag: FLEET_TAG })
    await steward.stop()
    const file = join(steward.data, 'bench-nodes.json')
    writeFileSync(file, JSON.stringify(nodes))
    return { data: steward.data, nodes, file, [Symbol.asyncDispose]: () => steward[Symbol.asyncDispose]() }
  } catch (error) {
    await steward[Symbol.asyncDispose]()
    throw error
  }
}
