import { capability } from '#kernel/declare.ts'
import { commandChannel } from './channel.ts'
import { dispatchCommands, reviewCommands } from './dispatch-commands.ts'
import { endUndeliverable } from './end-undeliverable.ts'
import { runCommandTarget } from './run-command-target.ts'
import { migrations } from './tables.ts'
import { forgetOldCommands, watchDeadlines } from './watch-deadlines.ts'

export { commandInBrief } from './brief.ts'
export { concurrencyLimit, errorLimit } from './rate-control.ts'
export { findCommands, latestCommandsOn, summarizeCommands } from './recent-commands.ts'
export { parameterAccess, references, resolved } from './referenced-parameters.ts'
export { sendCommand } from './send-command.ts'

/** Run Command: documents run on nodes, with rate control, output, and a history. */
export const commandsCapability = capability({
  name: 'commands',
  url: import.meta.url,
  changeKinds: [
    { kind: 'commands', read: 'ssm:ListCommands' },
    { kind: 'invocations', read: 'ssm:ListCommandInvocations' },
  ],
  migrations,
  tasks: [dispatchCommands, reviewCommands, watchDeadlines, endUndeliverable, forgetOldCommands],
  channels: [commandChannel],
  nodeGone: endUndeliverable,
  deliveryTargets: [runCommandTarget],
})
