/* What the stub server knows of associations, compliance and inventory; it keeps statuses as the real one does. */
import { randomUUID } from 'node:crypto'
import type { JsonObject } from '@steward/protocol'
import { objectOr } from '#document/document.ts'

/** An item of ListInstanceAssociations. */
export type ListedAssociation = { AssociationId: string; Name: string; [member: string]: unknown }

/** What was said of an association, in short. */
export type ToldStatus = { id: string; status: string; errorCode: string; summary: string; input: JsonObject }

type StoredType = { hash: string; content: { [attribute: string]: string }[]; schemaVersion: string }

export class StubStateManager {
  readonly associations = new Map<string, ListedAssociation>()
  readonly statuses: ToldStatus[] = []
  readonly compliance: JsonObject[] = []
  readonly inventory = new Map<string, StoredType>()
  /** The code of the error that answers every inventory. */
  refuseInventory: string | undefined
  /** Instead of what it would answer about associations. */
  nonsense: JsonObject | undefined

  /** Associates a document; the node hears of it when it asks. */
  associate(Name: string, more: JsonObject = {}): string {
    const AssociationId = randomUUID()
    const item = {
      AssociationId,
      Name,
      DocumentVersion: '$DEFAULT',
      Checksum: randomUUID(),
      DetailedStatus: 'Associated',
    }
    this.associations.set(AssociationId, { ...item, AssociationVersion: '1', ...more })
    return AssociationId
  }

  /** What was told of an association, as `Status` or `Failed:Code`. */
  told(id: string): string[] {
    const of = this.statuses.filter((status) => status.id === id)
    return of.map(({ status, errorCode }) => (errorCode === '' ? status : `${status}:${errorCode}`))
  }

  /** Undefined for operations that are not about this. */
  answer(operation: string, input: JsonObject): [number, JsonObject] | undefined {
    if (operation === 'PutInventory') return this.#putInventory(input)
    if (!/^(ListInstanceAssociations|UpdateInstanceAssociationStatus|PutComplianceItems)$/.test(operation))
      return undefined
    if (this.nonsense) return [200, this.nonsense]
    if (operation === 'ListInstanceAssociations') return [200, { Associations: this.#handOut() }]
    if (operation === 'PutComplianceItems') this.compliance.push(input)
    else this.#updateStatus(input)
    return [200, {}]
  }

  /** What is pending is listed so once; from then on it is the node's. */
  #handOut(): ListedAssociation[] {
    const listed = [...this.associations.values()].map((association) => ({ ...association }))
    for (const association of this.associations.values())
      if (association.DetailedStatus === 'Pending') association.DetailedStatus = 'InProgress'
    return listed
  }

  #updateStatus(input: JsonObject): void {
    const id = String(input.AssociationId)
    const result = objectOr(input.ExecutionResult)
    const status = String(result.Status)
    const words = { errorCode: String(result.ErrorCode), summary: String(result.ExecutionSummary) }
    this.statuses.push({ id, status, ...words, input })
    const listed = this.associations.get(id)
    if (!listed) return
    listed.DetailedStatus = status
    if (status !== 'Pending' && status !== 'InProgress') listed.LastExecutionDate = result.ExecutionDate
  }

  #putInventory({ Items }: JsonObject): [number, JsonObject] {
    if (this.refuseInventory) return [400, { __type: this.refuseInventory }]
    const items = (Items as JsonObject[]).map((item) => ({ ...item, name: String(item.TypeName) }) as StubItem)
    const unknown = items.find(
      ({ name, Content, ContentHash }) => !Content && this.inventory.get(name)?.hash !== ContentHash,
    )
    if (unknown) return [400, { __type: 'ItemContentMismatchException', message: unknown.name }]
    for (const { name, Content, ContentHash, SchemaVersion } of items) {
      const content = Content ?? this.inventory.get(name)!.content
      this.inventory.set(name, { hash: ContentHash, content, schemaVersion: SchemaVersion })
    }
    return [200, {}]
  }
}

type StubItem = { name: string; ContentHash: string; SchemaVersion: string; Content?: StoredType['content'] }
