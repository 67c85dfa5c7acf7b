import type { ssm } from '@steward/model'
import { Api, type Wire } from '#api.ts'
import { connection } from '#connection.ts'
import type { Io } from '#io.ts'

/** As AWS's console makes it when somebody switches automatic updates on (AGT-15): the switch is whether it exists. */
const UPDATES = {
  AssociationName: 'SystemAssociationForSsmAgentUpdates',
  Name: 'AWS-UpdateSSMAgent',
  Targets: [{ Key: 'InstanceIds', Values: ['*'] }],
  ScheduleExpression: 'rate(14 days)',
}

/** Turns the updates of all agents of the Region on or off, or says how they stand. */
export async function nodeAutoUpdate(io: Io, to: 'on' | 'off' | 'status'): Promise<void> {
  const api = new Api(connection(io.env))
  const found = await updatesNow(api)
  const say = (text: string) => io.stdout.write(`${text}\n`)
  switch (to) {
    case 'on':
      if (found) return void say(`Agents are updated already: ${inWords(found)}.`)
      await api.ssm('CreateAssociation', UPDATES)
      return void say(
        'Agents are updated now, and again every 14 days: steward node auto-update status tells how it goes.',
      )
    case 'off':
      if (!found) return void say('Agents are not updated by themselves.')
      await api.ssm('DeleteAssociation', { AssociationId: found.AssociationId })
      return void say('Agents are not updated by themselves any more.')
    case 'status':
      return void say(
        found
          ? `Agents are updated: ${inWords(found)}.`
          : 'Agents are not updated by themselves. To have them updated: steward node auto-update on',
      )
  }
}

type Found = Wire<ssm.Association>

async function updatesNow(api: Api): Promise<Found | undefined> {
  const { AssociationName: value } = UPDATES
  const { Associations = [] } = await api.ssm('ListAssociations', {
    AssociationFilterList: [{ key: 'AssociationName', value }],
  })
  return Associations[0]
}

function inWords({ AssociationId, ScheduleExpression, Overview }: Found): string {
  const counts = Object.entries(Overview?.AssociationStatusAggregatedCount ?? {})
  const nodes = counts.map(([status, count]) => `${count} ${status}`).join(', ') || 'no nodes yet'
  return `${ScheduleExpression ?? 'without a schedule'}, ${nodes} (association ${AssociationId})`
}
