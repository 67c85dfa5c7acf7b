import { Api } from '#api.ts'
import { connection } from '#connection.ts'
import type { Io } from '#io.ts'

/** No machine can be enrolled with the activation or enrolment key any more; nodes that were stay. */
export async function nodeRevoke(io: Io, ActivationId: string): Promise<void> {
  await new Api(connection(io.env)).ssm('DeleteActivation', { ActivationId })
  io.stdout.write(`Nothing can be enrolled with ${ActivationId} any more.\n`)
}
