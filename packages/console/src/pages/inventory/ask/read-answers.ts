import type { Command } from '@aws-sdk/client-ssm'
import type { CommandMatrixRow, CommandNodeOutput } from '@steward/model/generated/steward.ts'
import { useMemo } from 'react'
import { allPages, useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import type { Wire } from '#api/wire.ts'
import { plainOutput } from '#components/plain-output.ts'
import type { Entry } from '../read-inventory.ts'

const PAGE = 500
const NODES_PER_CALL = 100

type Invocation = Wire<CommandMatrixRow>

/** How it went on one node so far. */
export interface NodeAnswer {
  readonly nodeId: string
  /** Its name, or its id if it has none. */
  readonly name: string
  readonly details: string
  /** Undefined before the end. */
  readonly said: Said | undefined
}

interface Said {
  readonly rows: readonly Entry[]
  /** What it complained of. */
  readonly problem: string
  /** There is more than what could be read. */
  readonly isCut: boolean
}

/** What nodes answered to a command so far. What was read once is not read again, and equal answers only once. */
export function useAnswers(CommandId: string) {
  // Only what has ended is in it, and that does not change.
  const known = useMemo(() => ({ of: CommandId, said: new Map<string, Said>() }), [CommandId]).said
  const read = async (signal: AbortSignal): Promise<NodeAnswer[]> => {
    const invocations = await allPages(async (NextToken) => {
      const page = await steward('GetCommandMatrix', { CommandId, MaxResults: PAGE, NextToken }, signal)
      return { items: page.Rows ?? [], next: page.NextToken }
    })
    const samples = new Map(
      invocations.filter(hasSaid).map((invocation) => [invocation.InstanceId ?? '', keyOf(invocation)]),
    )
    const unread = new Map([...samples].filter(([, key]) => !known.has(key)).map(([nodeId, key]) => [key, nodeId]))
    const ids = [...unread.values()]
    for (let at = 0; at < ids.length; at += NODES_PER_CALL) {
      for (const output of await outputsOf(CommandId, ids.slice(at, at + NODES_PER_CALL), signal))
        known.set(samples.get(output.InstanceId)!, saidIn(output))
    }
    return invocations.map(({ InstanceId: nodeId = '', InstanceName, StatusDetails: details = '' }) => {
      const key = samples.get(nodeId)
      return { nodeId, name: InstanceName || nodeId, details, said: key === undefined ? undefined : known.get(key) }
    })
  }
  return useRead('invocations', ['answers', CommandId], read, { keepLast: false })
}

function hasSaid({ StatusDetails }: Invocation): boolean {
  return StatusDetails === 'Success' || StatusDetails === 'Failed'
}

/** The same for answers that are known to be equal. */
function keyOf({ InstanceId = '', Steps: [step] = [] }: Invocation): string {
  return (!step?.Truncated && step?.ResultId) || InstanceId
}

function outputsOf(CommandId: string, InstanceIds: string[], signal: AbortSignal) {
  return allPages(async (NextToken) => {
    const page = await steward('BatchGetCommandOutput', { CommandId, InstanceIds, NextToken }, signal)
    return { items: page.Outputs, next: page.NextToken }
  })
}

function saidIn({ StandardOutputContent, StandardErrorContent, Truncated }: Wire<CommandNodeOutput>): Said {
  const lines = StandardOutputContent.split('\n').filter((line) => line.trim() !== '')
  const rows = lines.map(toEntry).filter((entry) => entry !== undefined)
  const problem = plainOutput(StandardErrorContent).trim().split('\n')[0] ?? ''
  return { rows, problem, isCut: Truncated || rows.length < lines.length }
}

/** One line of an answer, as texts that do no harm. */
function toEntry(line: string): Entry | undefined {
  try {
    const values = Object.entries(JSON.parse(line) as object).filter(([, value]) => value !== null)
    return Object.fromEntries(values.map(([name, value]) => [name, plainOutput(String(value))]))
  } catch {
    return undefined
  }
}

/** Of the nodes that a command is for, the ids of those that are away. */
export function useAway({ InstanceIds = [], Targets = [] }: Command, enabled: boolean) {
  const whom =
    InstanceIds.length > 0
      ? { InstanceIds }
      : { Targets: Targets.map(({ Key = '', Values = [] }) => ({ Key, Values: [...Values] })) }
  return useRead(
    'nodes',
    ['away', whom],
    async (signal) => {
      const nodes = await allPages(async (NextToken) => {
        const page = await steward('PreviewTargets', { ...whom, MaxResults: PAGE, NextToken }, signal)
        return { items: page.Nodes, next: page.NextToken }
      })
      return new Set(nodes.filter(({ PingStatus }) => PingStatus !== 'Online').map(({ InstanceId }) => InstanceId))
    },
    { enabled },
  )
}
