import { type Command, ListCommandsCommand } from '@aws-sdk/client-ssm'
import { ssm } from '#api/clients/ssm.ts'
import { useRead } from '#api/queries.ts'

/** A command as the API tells of it; null if there is none of that id. */
export function useCommand(id: string) {
  return useRead('commands', ['one', id], async (abortSignal) => {
    const { Commands = [] } = await ssm().send(new ListCommandsCommand({ CommandId: id }), { abortSignal })
    return Commands[0] ?? null
  })
}

/** Whether something of the command is still to happen. */
export function isOpen({ Status }: Command): boolean {
  return Status === 'Pending' || Status === 'InProgress' || Status === 'Cancelling'
}
