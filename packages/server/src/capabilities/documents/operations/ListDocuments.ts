import type { Tag } from '@steward/model/generated/ssm.ts'
import { noResource, ssm } from '#capabilities/ssm.ts'
import { tagsOfEach } from '#capabilities/tags/index.ts'
import type { Call } from '#kernel/declare.ts'
import { toIdentifier } from '../description.ts'
import { shownName } from '../document-version.ts'
import { inOrder, isListed, type ListFilter, listFilters, tagKey } from '../listing.ts'
import { predefinedDocuments } from '../predefined/document-form.ts'
import { type Visible, visibleDocuments } from '../store.ts'

const PAGE = 50

/** Shown name of the last document of a page. */
type Cursor = { readonly after: string }

export const ListDocuments = ssm.read('ListDocuments', {
  access: (_input, { scope }) => ({ action: 'ssm:ListDocuments', resources: noResource(scope) }),

  async handle(input, call) {
    const { scope } = call
    const limit = input.MaxResults ?? PAGE
    const all = inOrder(scope, await listed(call, listFilters(input)))
    const cursor = call.cursor<Cursor>()
    const rest = cursor ? all.filter(({ document }) => shownName(scope, document) > cursor.after) : all
    const page = rest.slice(0, limit)
    const last = rest.length > limit ? page.at(-1) : undefined
    const tags = await tagsOfOwn(call, page)
    return {
      DocumentIdentifiers: page.map((one) => toIdentifier(scope, one, tags(one))),
      NextToken: call.nextToken(last && ({ after: shownName(scope, last.document) } satisfies Cursor)),
    }
  },
})

async function listed(call: Call, filters: readonly ListFilter[]): Promise<Visible[]> {
  const predefined = predefinedDocuments(call.scope.region).map((found) => ({ ...found, sharedWith: undefined }))
  const visible = [...predefined, ...(await visibleDocuments(call.db, call.scope))]
  const wantsTags = filters.some(({ key }) => tagKey(key) !== undefined)
  const tags = wantsTags ? await tagsOfOwn(call, visible) : () => []
  return visible.filter((one) => isListed(call.scope, one, filters, tags(one)))
}

/** The tags of the caller's own documents; those of others are not its business. */
async function tagsOfOwn({ db, scope }: Call, documents: readonly Visible[]): Promise<(one: Visible) => Tag[]> {
  const isOwn = ({ document }: Visible) => document.scope.account === scope.account
  const names = documents.filter(isOwn).map(({ document }) => document.name)
  const tags = await tagsOfEach(db, scope, 'Document', names)
  return (one) => (isOwn(one) && tags.get(one.document.name)) || []
}
