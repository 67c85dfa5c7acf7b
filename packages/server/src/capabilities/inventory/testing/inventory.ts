import {
  GetInventoryCommand,
  type GetInventoryCommandInput,
  type InventoryItem,
  ListInventoryEntriesCommand,
  PutInventoryCommand,
  SSMClient,
} from '@aws-sdk/client-ssm'
import type { TestServer } from '@steward/testkit'

export type Entries = Record<string, string>[]

/** An item as agents send it. */
export function item(TypeName: string, Content: Entries | undefined, more: Partial<InventoryItem> = {}): InventoryItem {
  const SchemaVersion = TypeName === 'AWS:Application' ? '1.1' : '1.0'
  return { TypeName, SchemaVersion, CaptureTime: '2026-11-21T10:00:00Z', Content, ...more }
}

/** Packages as `name version`. */
export function packages(...words: string[]): InventoryItem {
  return item(
    'AWS:Application',
    words.map((word) => {
      const [Name = '', Version = ''] = word.split(' ')
      return { Name, Version, Architecture: 'amd64' }
    }),
  )
}

/** The inventory of a server, for tests. */
export class Inventory {
  readonly ssm: SSMClient

  constructor(server: TestServer, more: { region?: string } = {}) {
    this.ssm = server.client(SSMClient, more)
  }

  put(InstanceId: string, ...Items: InventoryItem[]) {
    return this.ssm.send(new PutInventoryCommand({ InstanceId, Items }))
  }

  async entries(InstanceId: string, TypeName: string): Promise<Entries> {
    return (await this.ssm.send(new ListInventoryEntriesCommand({ InstanceId, TypeName }))).Entries!
  }

  get(input: GetInventoryCommandInput) {
    return this.ssm.send(new GetInventoryCommand(input))
  }

  /** The ids of the nodes that filters mean. */
  async nodes(...Filters: [key: string, type: string, ...values: string[]][]): Promise<string[]> {
    const { Entities } = await this.get({
      Filters: Filters.map(([Key, Type, ...Values]) => ({ Key, Type: Type as 'Equal', Values })),
    })
    return Entities!.map(({ Id }) => Id!)
  }

  /** The lines that an aggregator's answer has under a name. */
  async counts(name: string, input: GetInventoryCommandInput): Promise<Entries> {
    const { Entities } = await this.get(input)
    return Entities?.[0]?.Data?.[name]?.Content ?? []
  }
}
