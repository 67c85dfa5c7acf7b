import type { CreateAssociationBatchRequestEntry, CreateAssociationRequest } from '@steward/model/generated/ssm.ts'
import { ssm } from '#capabilities/ssm.ts'
import { ApiError } from '#kernel/api-error.ts'
import { applyAccess } from '../access.ts'
import { createAssociation } from '../create-association.ts'
import { duplicateEntry } from '../errors.ts'

/** Each entry by itself: what is wrong with one is said of it, and the others are made (STM-15). */
export const CreateAssociationBatch = ssm.write('CreateAssociationBatch', {
  async access(input, call) {
    const demands = []
    for (const entry of input.Entries) demands.push(...(await applyAccess(call, 'ssm:CreateAssociation', entry)))
    return demands
  },

  async handle({ Entries, AssociationDispatchAssumeRole }, call) {
    const seen = new Set<string>()
    const answer = { Successful: [] as object[], Failed: [] as object[] }
    for (const entry of Entries) {
      try {
        requireNew(entry, seen)
        const request: CreateAssociationRequest = { ...entry, AssociationDispatchAssumeRole }
        answer.Successful.push(await createAssociation(call, request))
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        answer.Failed.push({ Entry: entry, Message: error.message || error.code, Fault: 'Client' })
      }
    }
    return answer
  },
})

/** A document is associated with a node once. */
function requireNew({ Name, InstanceId }: CreateAssociationBatchRequestEntry, seen: Set<string>): void {
  if (InstanceId === undefined) return
  const key = `${InstanceId} ${Name}`
  if (seen.has(key)) throw duplicateEntry(InstanceId)
  seen.add(key)
}
