import { ApiError } from '#kernel/api-error.ts'
import { tagging } from '../services.ts'

// Reports and summaries say what breaks the tag policies of an organisation. There is no organisation here, so nothing does.

export const StartReportCreation = tagging.write('StartReportCreation', {
  access: () => ({ action: 'tag:StartReportCreation', resources: ['*'] }),

  async handle() {
    throw new ApiError(
      'ConstraintViolationException',
      'The request was denied because this account belongs to no organization, so no tag policies apply to it.',
    )
  },
})

export const DescribeReportCreation = tagging.read('DescribeReportCreation', {
  access: () => ({ action: 'tag:DescribeReportCreation', resources: ['*'] }),

  handle: async () => ({ Status: 'NO REPORT' }),
})

export const GetComplianceSummary = tagging.read('GetComplianceSummary', {
  access: () => ({ action: 'tag:GetComplianceSummary', resources: ['*'] }),

  handle: async () => ({ SummaryList: [], PaginationToken: '' }),
})

export const ListRequiredTags = tagging.read('ListRequiredTags', {
  access: () => ({ action: 'tag:ListRequiredTags', resources: ['*'] }),

  handle: async () => ({ RequiredTags: [] }),
})
