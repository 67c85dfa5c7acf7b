import type { ResourceDirectory } from '#kernel/declare.ts'
import { findSession } from './store.ts'

const SESSION = /^arn:[^:]*:ssm:([^:]*):([^:]*):session\/(.+)$/

/**
 * The tags by which policies tell whose a session is (SM-19). That of its node comes along.
 */
export const sessionResources: ResourceDirectory = {
  services: ['ssm'],
  keepsPolicies: false,
  async describe(reader, arn) {
    const [, region = '', account = '', id = ''] = SESSION.exec(arn) ?? []
    const session = id === '' ? undefined : await findSession(reader, { account, region }, id)
    if (!session) return undefined
    return {
      tags: { 'aws:ssmmessages:session-id': session.owner_id, 'aws:ssmmessages:target-id': session.node_id },
    }
  },
}
