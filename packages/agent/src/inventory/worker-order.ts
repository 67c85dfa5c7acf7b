import type { ResultStatus } from '@steward/protocol'
import type { Credentials } from '@steward/protocol/signature.ts'

/** What the agent tells a worker on its standard input. */
export type CollectionOrder = {
  /** Of the step. */
  inputs: unknown
  nodeId: string
  url: string
  region: string
  ca: string | undefined
  /** How far the server's clock is ahead, in milliseconds. */
  aheadMs: number
  credentials: Credentials
  /** Where the hashes of what the server has, and custom inventory, are. */
  folder: string
}

/** What a worker answers on its standard output, as JSON. */
export type CollectionResult = { status: ResultStatus; stdout: string; stderr: string }
