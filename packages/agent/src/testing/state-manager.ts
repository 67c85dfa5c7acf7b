/* What tests of associations do with a node and the State Manager of its stub server. */
import type { StepResult } from '@steward/protocol'
import type { ToldStatus } from '#testing/stub-state-manager.ts'
import type { TestNode } from '#testing/test-node.ts'

/** Stores a document at the server. */
export function storeDocument(node: TestNode, name: string, content: object): void {
  node.server.documents.set(name, JSON.stringify(content))
}

const refreshDocument = {
  schemaVersion: '1.2',
  parameters: { associationIds: { type: 'StringList', default: [] } },
  runtimeConfig: { 'aws:refreshAssociation': { properties: [{ associationIds: '{{ associationIds }}' }] } },
}

/** Tells the node to run associations now, all if none is named; answers what its step came to. */
export async function refresh(node: TestNode, ...associationIds: string[]): Promise<StepResult> {
  const command = node.server.send(refreshDocument, { associationIds })
  return Object.values((await node.server.final(command)).steps)[0]!
}

/** Waits until an association has ended that often; answers how it was told. */
export function ended(node: TestNode, id: string, times = 1): Promise<ToldStatus> {
  return node.server.until('the end of an association', () => {
    const ends = node.server.stateManager.statuses.filter((told) => told.id === id && isEnd(told.status))
    return ends.length >= times && ends.at(-1)
  })
}

function isEnd(status: string): boolean {
  return status !== 'Pending' && status !== 'InProgress'
}
