import type { DocumentDescription } from '@steward/model/generated/ssm.ts'
import { ssm } from '#capabilities/ssm.ts'
import { tagsOf } from '#capabilities/tags/index.ts'
import type { Reader } from '#db/database.ts'
import { attachmentsOf } from '../attachment-store.ts'
import { toDescription, toInformation } from '../description.ts'
import { referencedArn } from '../document.ts'
import type { Found } from '../document-version.ts'
import { requireVersion } from '../look-up.ts'
import { listReviews, reviewedVersions } from '../review-store.ts'

export const DescribeDocument = ssm.read('DescribeDocument', {
  access: (input, call) => ({ action: 'ssm:DescribeDocument', resources: [referencedArn(call.scope, input.Name)] }),

  async handle(input, call) {
    const { db, scope } = call
    const found = await requireVersion(db, scope, input)
    const { document, version } = found
    const isOwn = document.scope.account === scope.account
    const tags = isOwn ? await tagsOf(db, scope, { type: 'Document', id: document.name }) : []
    return {
      Document: {
        ...toDescription(scope, found, tags),
        AttachmentsInformation: toInformation(await attachmentsOf(db, found)),
        ...(version.reviewStatus && (await reviewOf(db, found))),
        // Recorded: left out here where it is empty, unlike in the answers of the operations that write.
        SchemaVersion: version.schemaVersion || undefined,
        Category: [...document.category],
        CategoryEnum: [...document.categoryEnum],
      },
    }
  },
})

async function reviewOf(db: Reader, { document, version }: Found): Promise<DocumentDescription> {
  const [newest] = await listReviews(db, document, version.number, undefined, 1)
  const reviewed = await reviewedVersions(db, document)
  return {
    ReviewInformation: newest && [{ ReviewedTime: newest.updatedAt, Status: newest.status, Reviewer: newest.reviewer }],
    ApprovedVersion: reviewed.get('APPROVED')?.toString(),
    PendingReviewVersion: reviewed.get('PENDING')?.toString(),
  }
}
