import { capability } from '#kernel/declare.ts'
import { dataKeyAad } from './data-key.ts'
import { expireEvents } from './expire-events.ts'
import { logGroupTarget } from './log-group-target.ts'
import { logResources } from './log-resources.ts'
import { logs0001 } from './migrations/0001-logs.ts'
import { logs0002 } from './migrations/0002-resource-policies.ts'

export { logGroupKeeper } from './tagged-log-groups.ts'

/** Log groups, their streams and events. Speaks the API of CloudWatch Logs. */
export const logsCapability = capability({
  name: 'logs',
  url: import.meta.url,
  migrations: { 'logs-0001': logs0001, 'logs-0002': logs0002 },
  tasks: [expireEvents],
  deliveryTargets: [logGroupTarget],
  resources: logResources,
  sealedColumns: [
    {
      table: 'log_group_key',
      column: 'sealed',
      key: ['group_id', 'number'],
      aad: ({ group_id, number }) => dataKeyAad(Number(group_id), Number(number)),
    },
  ],
})
