import { ssm } from '#capabilities/ssm.ts'
import { documentArn } from '../document.ts'
import { documentDoesNotExist } from '../errors.ts'
import { ownDocument, requireVersion } from '../look-up.ts'
import { listReviews } from '../review-store.ts'

const PAGE = 50

/** Sequence number of the last step of a page. */
type Cursor = { readonly before: number }

export const ListDocumentMetadataHistory = ssm.read('ListDocumentMetadataHistory', {
  access: (input, call) => ({
    action: 'ssm:ListDocumentMetadataHistory',
    resources: [documentArn(call.scope, input.Name)],
  }),

  async handle(input, call) {
    const { db, scope } = call
    await ownDocument(db, scope, input.Name, documentDoesNotExist)
    const { document, version } = await requireVersion(db, scope, { DocumentVersion: '$LATEST', ...input })
    const limit = input.MaxResults ?? PAGE
    const reviews = await listReviews(db, document, version.number, call.cursor<Cursor>()?.before, limit + 1)
    const page = reviews.slice(0, limit)
    const last = reviews.length > limit ? page.at(-1) : undefined
    return {
      Name: document.name,
      DocumentVersion: String(version.number),
      Author: version.author,
      Metadata: {
        ReviewerResponse: page.map((review) => ({
          CreateTime: review.createdAt,
          UpdatedTime: review.updatedAt,
          ReviewStatus: review.status,
          Comment: review.comment,
          Reviewer: review.reviewer,
        })),
      },
      NextToken: call.nextToken(last && ({ before: last.sequence } satisfies Cursor)),
    }
  },
})
