import type { ReviewStatus } from '@steward/model/generated/ssm.ts'
import type { Selectable } from 'kysely'
import { type Reader, type Tx, tables } from '#db/database.ts'
import type { Document } from './document-version.ts'
import type { Review } from './review.ts'
import { keyOf, named } from './store.ts'
import type { DocumentReviewTable, DocumentTables } from './tables.ts'

/** The versions of a document that are approved or in review, one of each at most. */
export async function reviewedVersions(reader: Reader, document: Document): Promise<Map<ReviewStatus, number>> {
  const rows = await tables<DocumentTables>(reader)
    .selectFrom('document_version')
    .select(['version', 'review_status'])
    .where(named(document))
    .where('review_status', 'in', ['APPROVED', 'PENDING'])
    .execute()
  return new Map(rows.map(({ version, review_status }) => [review_status!, version]))
}

export async function setReviewStatus(tx: Tx, document: Document, version: number, to: ReviewStatus): Promise<void> {
  await tables<DocumentTables>(tx)
    .updateTable('document_version')
    .set({ review_status: to })
    .where(named(document))
    .where('version', '=', version)
    .execute()
}

/** Up to `limit` steps of the review of a version, the newest first, that are older than `before`. */
export async function listReviews(
  reader: Reader,
  document: Document,
  version: number,
  before: number | undefined,
  limit: number,
): Promise<Review[]> {
  let query = tables<DocumentTables>(reader)
    .selectFrom('document_review')
    .selectAll()
    .where(named(document))
    .where('version', '=', version)
    .orderBy('sequence', 'desc')
    .limit(limit)
  if (before !== undefined) query = query.where('sequence', '<', before)
  return (await query.execute()).map(toReview)
}

/** Adds a step to the history of a document. */
export async function addReview(tx: Tx, document: Document, review: Omit<Review, 'sequence'>): Promise<void> {
  const db = tables<DocumentTables>(tx)
  const { last } = await db
    .selectFrom('document_review')
    .select((eb) => eb.fn.max('sequence').as('last'))
    .where(named(document))
    .executeTakeFirstOrThrow()
  await db
    .insertInto('document_review')
    .values({
      ...keyOf(document),
      sequence: (last ?? 0) + 1,
      version: review.version,
      reviewer: review.reviewer,
      status: review.status,
      comment: JSON.stringify(review.comment),
      created_at: review.createdAt.toISOString(),
      updated_at: review.updatedAt.toISOString(),
    })
    .execute()
}

/** Changes the comment of a step. */
export async function updateReview(
  tx: Tx,
  document: Document,
  sequence: number,
  { comment, updatedAt }: Pick<Review, 'comment' | 'updatedAt'>,
): Promise<void> {
  await tables<DocumentTables>(tx)
    .updateTable('document_review')
    .set({ comment: JSON.stringify(comment), updated_at: updatedAt.toISOString() })
    .where(named(document))
    .where('sequence', '=', sequence)
    .execute()
}

function toReview(row: Selectable<DocumentReviewTable>): Review {
  return {
    sequence: row.sequence,
    version: row.version,
    reviewer: row.reviewer,
    status: row.status,
    comment: JSON.parse(row.comment) as Review['comment'],
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
  }
}
