import type { DocumentReviewAction, DocumentReviewCommentList, ReviewStatus } from '@steward/model/generated/ssm.ts'
import { reviewNotPossible } from './errors.ts'

/** One step of the review of a version (DOC-18). */
export interface Review {
  readonly sequence: number
  readonly version: number
  readonly reviewer: string
  readonly status: ReviewStatus
  readonly comment: DocumentReviewCommentList
  readonly createdAt: Date
  readonly updatedAt: Date
}

const AFTER: Readonly<Record<DocumentReviewAction, { from: readonly ReviewStatus[]; to: ReviewStatus }>> = {
  SendForReview: { from: ['NOT_REVIEWED', 'REJECTED'], to: 'PENDING' },
  UpdateReview: { from: ['PENDING'], to: 'PENDING' },
  Approve: { from: ['PENDING'], to: 'APPROVED' },
  Reject: { from: ['PENDING'], to: 'REJECTED' },
}

/** The status that an action leads to. */
export function statusAfter(action: DocumentReviewAction, status: ReviewStatus = 'NOT_REVIEWED'): ReviewStatus {
  const { from, to } = AFTER[action]
  if (!from.includes(status)) throw reviewNotPossible(action, status)
  return to
}

/** The name of a principal as reviews show it, which has no room for an ARN. */
export function reviewerName(arn: string): string {
  return arn.slice(Math.max(arn.lastIndexOf('/'), arn.lastIndexOf(':')) + 1).slice(0, 50)
}
