import { ssm } from '#capabilities/ssm.ts'
import { documentArn } from '../document.ts'
import { documentDoesNotExist } from '../errors.ts'
import { ownDocument } from '../look-up.ts'
import { sharesOf } from '../share-store.ts'

/**
 * The most that MaxResults may be. The model lets a list of accounts have 20 members, but means the one that ModifyDocumentPermission takes:
 * Terraform's provider shares with more in parts of 20, and reads them again from one page.
 */
const PAGE = 200

/** Last receiver of a page. */
type Cursor = { readonly after: string }

export const DescribeDocumentPermission = ssm.read('DescribeDocumentPermission', {
  access: (input, call) => ({
    action: 'ssm:DescribeDocumentPermission',
    resources: [documentArn(call.scope, input.Name)],
  }),

  async handle(input, call) {
    const document = await ownDocument(call.db, call.scope, input.Name, documentDoesNotExist)
    const shares = await sharesOf(call.db, document)
    const cursor = call.cursor<Cursor>()
    const rest = cursor ? shares.filter(({ sharedWith }) => sharedWith > cursor.after) : shares
    const limit = input.MaxResults ?? PAGE
    const page = rest.slice(0, limit)
    const last = rest.length > limit ? page.at(-1) : undefined
    return {
      AccountIds: page.map(({ sharedWith }) => sharedWith),
      AccountSharingInfoList: page.map(({ sharedWith, sharedVersion }) => ({
        AccountId: sharedWith,
        SharedDocumentVersion: sharedVersion,
      })),
      NextToken: call.nextToken(last && ({ after: last.sharedWith } satisfies Cursor)),
    }
  },
})
