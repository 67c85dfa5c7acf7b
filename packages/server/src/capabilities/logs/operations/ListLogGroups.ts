import { notBuilt } from '../errors.ts'
import { listGroups } from '../group-store.ts'
import { tagsOf } from '../log-tags.ts'
import { logs } from '../logs.ts'
import { groupArn, groupResource } from '../names.ts'
import type { LogGroupRow } from '../tables.ts'

const PAGE = 50
/** As many groups are looked at for each that is asked for, before a page ends with fewer. */
const LOOK_AHEAD = 20

export const ListLogGroups = logs.read('ListLogGroups', {
  access: (_input, call) => ({ action: 'logs:ListLogGroups', resources: [groupResource(call.scope, '')] }),

  async handle({ limit = PAGE, logGroupNamePattern, logGroupClass, logGroupTags = [], ...more }, call) {
    if (more.dataSources || more.fieldIndexNames) throw notBuilt('Data sources and field indexes are')
    const elsewhere = more.accountIdentifiers?.length && !more.accountIdentifiers.includes(call.scope.account)
    const looked = limit * LOOK_AHEAD
    const after = call.cursor<string>() ?? ''
    const groups = elsewhere ? [] : await listGroups(call.db, call.scope, { class: logGroupClass }, after, looked + 1)
    const found: LogGroupRow[] = []
    const wanted = namePattern(logGroupNamePattern)
    let last: LogGroupRow | undefined
    for (const group of groups.slice(0, looked)) {
      if (found.length === limit) break
      last = group
      if (!wanted(group.name)) continue
      const tags = logGroupTags.length > 0 ? await tagsOf(call.db, group.id) : {}
      if (logGroupTags.every(({ key, values = [] }) => isTagged(tags[key], values))) found.push(group)
    }
    return {
      logGroups: found.map((group) => ({
        logGroupName: group.name,
        logGroupArn: groupArn(call.scope, group.name),
        logGroupClass: group.class,
      })),
      nextToken: call.nextToken(last && last !== groups.at(-1) ? last.name : undefined),
    }
  },
})

/** Alternatives between bars, each a part of the name or, after `^`, its beginning: the model allows no more. */
function namePattern(pattern: string | undefined): (name: string) => boolean {
  if (pattern === undefined) return () => true
  const alternatives = pattern.split('|')
  return (name) =>
    alternatives.some((text) => (text.startsWith('^') ? name.startsWith(text.slice(1)) : name.includes(text)))
}

function isTagged(value: string | undefined, values: readonly string[]): boolean {
  return value !== undefined && (values.length === 0 || values.includes(value))
}
