export interface NamedNode {
  readonly InstanceId: string
  readonly Name?: string | undefined
  readonly ComputerName?: string | undefined
}

/** What people call a node. */
export function nodeName({ InstanceId, Name, ComputerName }: NamedNode): string {
  return Name || ComputerName || InstanceId
}
