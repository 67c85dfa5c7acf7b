import type { Operations } from '@steward/model/generated/steward.ts'
import { type Operation, service } from '#kernel/declare.ts'
import { type ServerStatusParts, serverStatus } from './server-status.ts'

const steward = service<Operations>('steward')

/** Our own operation: how the server, its database and its background work are doing. */
export function statusOperations(parts: ServerStatusParts): Operation[] {
  const GetServerStatus = steward.open('GetServerStatus', {
    access: () => ({ action: 'steward:GetServerStatus', resources: ['*'] }),
    handle: (_input, call) => serverStatus(parts, call.now),
  })
  return [GetServerStatus]
}
