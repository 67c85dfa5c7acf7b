import type { NodeActivation } from '@steward/model/generated/steward.ts'
import { noResource } from '#capabilities/ssm.ts'
import type { Call } from '#kernel/declare.ts'
import { NEVER } from '../activation.ts'
import { findActivationAnywhere } from '../activation-store.ts'
import { noSuchNode } from '../errors.ts'
import { nodeArn } from '../node.ts'
import { equal } from '../node-condition.ts'
import { currentDouble } from '../node-double.ts'
import { listNodes, newestVersions } from '../node-query.ts'
import { latestRefusal } from '../node-refusal.ts'
import { toFleetNodes } from '../node-search.ts'
import { findPresence } from '../node-store.ts'
import { steward } from '../steward.ts'
import { explainPresence } from '../why-offline.ts'

/** Our own operation: all that is known of one node, with the reason why it is online or not (AGT-18). */
export const DescribeNode = steward.read('DescribeNode', {
  access: (_input, { scope }) => ({ action: 'ssm:DescribeInstanceInformation', resources: noResource(scope) }),

  async handle({ InstanceId }, call) {
    const { db, scope, now } = call
    const page = { after: undefined, limit: 1 }
    const [node] = await listNodes(db, scope, [equal('nodeId', [InstanceId])], now, page)
    const presence = await findPresence(db, scope, InstanceId)
    if (!node || !presence) throw noSuchNode(InstanceId)
    const { activationId, agentName = '' } = node.facts
    const [Node] = await toFleetNodes(db, scope, [node])
    return {
      Node: Node!,
      Arn: nodeArn(scope, InstanceId),
      NewestAgentVersion: (await newestVersions(db, scope, new Set([agentName]))).get(agentName),
      Presence: explainPresence({
        status: node.pingStatus,
        connected: presence.connected === 1,
        onlineUntil: new Date(presence.online_until),
        lastPingAt: node.lastPingAt,
        refusal: await latestRefusal(db, InstanceId),
        double: await currentDouble(db, InstanceId, now),
      }),
      Activation: await activationOf(call, activationId),
    }
  },
})

async function activationOf({ db, scope }: Call, id: string): Promise<NodeActivation> {
  const activation = await findActivationAnywhere(db, id)
  if (activation?.scope.account !== scope.account) return { ActivationId: id, Exists: false }
  return {
    ActivationId: id,
    Exists: true,
    Description: activation.description,
    CreatedDate: activation.createdAt,
    ExpirationDate: activation.expiresAt < NEVER ? activation.expiresAt : undefined,
    RegistrationLimit: activation.registrationLimit,
    RegistrationsCount: activation.registrationsCount,
  }
}
