import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DocumentReviewAction, ReviewStatus } from '@steward/model/generated/ssm.ts'
import { reviewerName, statusAfter } from './review.ts'

const STATUSES: ReviewStatus[] = ['NOT_REVIEWED', 'PENDING', 'APPROVED', 'REJECTED']

/** What an action makes of each status, in their order; a dash is a refusal. */
const TABLE: Record<DocumentReviewAction, string[]> = {
  SendForReview: ['PENDING', '-', '-', 'PENDING'],
  UpdateReview: ['-', 'PENDING', '-', '-'],
  Approve: ['-', 'APPROVED', '-', '-'],
  Reject: ['-', 'REJECTED', '-', '-'],
}

for (const action of Object.keys(TABLE) as DocumentReviewAction[]) {
  test(`DOC-18 ${action} is possible where it makes sense`, () => {
    const results = STATUSES.map((status) => {
      try {
        return statusAfter(action, status)
      } catch (error) {
        assert.equal((error as { code: string }).code, 'InvalidDocumentOperation')
        return '-'
      }
    })
    assert.deepEqual(results, TABLE[action])
  })
}

test('DOC-18 reviewers show by name', () => {
  assert.equal(reviewerName('arn:aws:iam::111111111111:user/team/Jane'), 'Jane')
  assert.equal(reviewerName('arn:aws:iam::111111111111:root'), 'root')
})
