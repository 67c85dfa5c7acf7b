import type { DocumentReviewAction } from '@steward/model/generated/ssm.ts'
import { ssm } from '#capabilities/ssm.ts'
import type { WriteCall } from '#kernel/declare.ts'
import { documentArn } from '../document.ts'
import type { Found } from '../document-version.ts'
import { authorCannotReview, documentDoesNotExist, otherVersionInReview } from '../errors.ts'
import { ownDocument, requireVersion } from '../look-up.ts'
import { type Review, reviewerName, statusAfter } from '../review.ts'
import { addReview, listReviews, reviewedVersions, setReviewStatus, updateReview } from '../review-store.ts'

export const UpdateDocumentMetadata = ssm.write('UpdateDocumentMetadata', {
  access: (input, call) => ({ action: 'ssm:UpdateDocumentMetadata', resources: [documentArn(call.scope, input.Name)] }),

  async handle(input, call) {
    await ownDocument(call.db, call.scope, input.Name, documentDoesNotExist)
    const found = await requireVersion(call.db, call.scope, { DocumentVersion: '$LATEST', ...input })
    const { Action: action, Comment: comment = [] } = input.DocumentReviews
    const status = statusAfter(action, found.version.reviewStatus)
    if (action === 'UpdateReview') await updateNewest(call, found, comment)
    else await addStep(call, found, action, { status, comment })
    return {}
  },
})

async function updateNewest({ db, now }: WriteCall, { document, version }: Found, comment: Review['comment']) {
  const [newest] = await listReviews(db, document, version.number, undefined, 1)
  if (newest) await updateReview(db, document, newest.sequence, { comment, updatedAt: now })
}

async function addStep(
  { db, now, principal }: WriteCall,
  { document, version }: Found,
  action: DocumentReviewAction,
  step: Pick<Review, 'status' | 'comment'>,
) {
  if (action !== 'SendForReview' && principal.arn === version.author) throw authorCannotReview()
  const others = await reviewedVersions(db, document)
  const pending = others.get('PENDING')
  if (action === 'SendForReview' && pending !== undefined) throw otherVersionInReview(pending)
  // Only one version is the approved one, so a new approval ends the former.
  const approved = others.get('APPROVED')
  if (action === 'Approve' && approved !== undefined) await setReviewStatus(db, document, approved, 'REJECTED')
  await setReviewStatus(db, document, version.number, step.status)
  const times = { createdAt: now, updatedAt: now }
  await addReview(db, document, { ...step, ...times, version: version.number, reviewer: reviewerName(principal.arn) })
}
