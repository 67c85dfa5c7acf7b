import type { Call } from '#kernel/declare.ts'
import { KEEPERS } from '../keepers.ts'
import { tagging } from '../services.ts'

/** AWS does not say how many its pages have. */
const PAGE = 500

/** The keys of all tags in the Region. */
export const GetTagKeys = tagging.read('GetTagKeys', {
  access: () => ({ action: 'tag:GetTagKeys', resources: ['*'] }),

  async handle(_input, call) {
    const { page, PaginationToken } = await pageOfTexts(undefined, call)
    return { TagKeys: page, PaginationToken }
  },
})

/** The values that tags with one key have. */
export const GetTagValues = tagging.read('GetTagValues', {
  access: () => ({ action: 'tag:GetTagValues', resources: ['*'] }),

  async handle({ Key }, call) {
    const { page, PaginationToken } = await pageOfTexts(Key, call)
    return { TagValues: page, PaginationToken }
  },
})

async function pageOfTexts(key: string | undefined, call: Call): Promise<{ page: string[]; PaginationToken: string }> {
  const { db, scope } = call
  const texts = (await Promise.all(KEEPERS.map((keeper) => keeper.texts(db, scope, key)))).flat()
  const after = call.cursor<string>()
  const rest = [...new Set(texts)].sort().filter((text) => after === undefined || text > after)
  const page = rest.slice(0, PAGE)
  return { page, PaginationToken: call.nextToken(rest.length > PAGE ? page.at(-1) : undefined) ?? '' }
}
