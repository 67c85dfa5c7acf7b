/*
 * How the last run of each association ended. It is kept, because the server is told of all of them at once: one that was
 * forgotten would count as no longer there.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { JsonObject } from '@steward/protocol'
import { objectOr } from '#document/document.ts'
import { replaceFile } from '#durable-file.ts'

export type RunResult = {
  documentName: string
  documentVersion: string
  checksum: string
  status: string
  /** Milliseconds since 1970. */
  endedAt: number
}

export class Results {
  readonly #path: string
  readonly #results: Map<string, RunResult>

  constructor(path: string) {
    this.#path = path
    this.#results = new Map(Object.entries(readResults(path)))
  }

  get(associationId: string): RunResult | undefined {
    return this.#results.get(associationId)
  }

  async set(associationId: string, result: RunResult): Promise<void> {
    this.#results.set(associationId, result)
    await replaceFile(this.#path, JSON.stringify(Object.fromEntries(this.#results)))
  }

  /** Forgets associations that are no longer there. */
  keepOnly(associationIds: ReadonlySet<string>): void {
    for (const id of this.#results.keys()) if (!associationIds.has(id)) this.#results.delete(id)
  }

  /** The input of PutComplianceItems that tells of them all. */
  compliance(nodeId: string, now: number): JsonObject {
    const items = [...this.#results].map(([Id, { documentName, documentVersion, status }]) => ({
      Id,
      Severity: 'UNSPECIFIED',
      Status: status === 'Success' ? 'COMPLIANT' : 'NON_COMPLIANT',
      Title: '',
      Details: { DocumentName: documentName, DocumentVersion: documentVersion },
    }))
    return {
      ComplianceType: 'Association',
      ResourceId: nodeId,
      ResourceType: 'ManagedInstance',
      ItemContentHash: createHash('md5').update(JSON.stringify(items)).digest('base64'),
      ExecutionSummary: { ExecutionId: '', ExecutionTime: now / 1000, ExecutionType: '' },
      Items: items,
    }
  }
}

/** Written by this program as a whole; what does not read is as good as nothing. */
function readResults(path: string): { [associationId: string]: RunResult } {
  try {
    return objectOr(JSON.parse(readFileSync(path, 'utf8'))) as { [associationId: string]: RunResult }
  } catch {
    return {}
  }
}
