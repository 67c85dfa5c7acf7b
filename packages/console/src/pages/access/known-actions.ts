/** What the editor offers: every action that this Steward asks about, from the table that its own tests keep true. */
import table from '../../../../../docs/authorization.txt?raw'
import { parseActions } from './parse-actions.ts'

export const { actions, resourcesOf, keysOf } = parseActions(table)
