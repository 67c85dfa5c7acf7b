import { readInputs } from '#plugins/inputs.ts'
import { type Plugin, succeeded } from '#plugins/plugin.ts'
import { commandLines } from '#plugins/run-script.ts'

/** aws:refreshAssociation: has the node look for its associations and run those that are named, or all, at once. */
export function refreshAssociation(refresh: (associationIds: string[]) => Promise<void>): Plugin {
  return {
    name: 'aws:refreshAssociation',
    async run({ inputs }) {
      const [properties] = [inputs].flat()
      const ids = commandLines(readInputs(properties).get('associationids')).filter((id) => id !== '')
      await refresh(ids)
      const which = ids.length === 0 ? 'All associations' : `Associations [${ids.join(' ')}]`
      return succeeded(`${which} have been requested to execute immediately`)
    },
  }
}
