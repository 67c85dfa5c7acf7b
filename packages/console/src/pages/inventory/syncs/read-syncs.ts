import { ListResourceDataSyncCommand, type ResourceDataSyncItem } from '@aws-sdk/client-ssm'
import { ssm } from '#api/clients/ssm.ts'
import { allPages, useRead } from '#api/queries.ts'

export const FROM_SOURCE = 'SyncFromSource'

export function useSyncs() {
  return useRead('resource-data-syncs', ['all'], (abortSignal) =>
    allPages<ResourceDataSyncItem>(async (NextToken) => {
      const answer = await ssm().send(new ListResourceDataSyncCommand({ NextToken }), { abortSignal })
      return { items: answer.ResourceDataSyncItems ?? [], next: answer.NextToken }
    }),
  )
}
