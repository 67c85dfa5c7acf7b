import { Api } from '#api.ts'
import { connection } from '#connection.ts'
import type { Io } from '#io.ts'

/** Asks every node of a command, or some, to end it. That is over when the command's status says so. */
export async function cancel(io: Io, commandId: string, options: { nodes?: string[] }): Promise<void> {
  await new Api(connection(io.env)).ssm('CancelCommand', { CommandId: commandId, InstanceIds: options.nodes })
  io.stderr.write(`Cancelling ${commandId}. What its nodes say: npx steward logs ${commandId} --follow\n`)
}
