/** All sentences are ours: AWS has no evidence reports. */
import { ApiError } from '#kernel/api-error.ts'

export function reportNotFound(id: string): ApiError {
  return new ApiError('EvidenceReportNotFound', `There is no evidence report ${id}.`)
}

export function notReady(status: string): ApiError {
  return new ApiError(
    'EvidenceReportNotReady',
    status === 'Pending' ? 'The evidence report is being made; try again in a moment.' : 'The evidence report failed.',
  )
}

export function damaged(id: string): ApiError {
  return new ApiError(
    'EvidenceReportDamaged',
    `The content of the evidence report ${id} is not what its digest says: it was changed in the database.`,
  )
}

export function digestMismatch(digest: string): ApiError {
  return new ApiError('EvidenceDigestMismatch', `The digest of this evidence report is ${digest}.`)
}

export function tooManySignOffs(limit: number): ApiError {
  return new ApiError('TooManySignOffs', `An evidence report has at most ${limit} sign-offs.`)
}

export function invalidTarget(why: string): ApiError {
  return new ApiError('InvalidTarget', `The target isn't valid: ${why}`)
}

export function invalidFilter(why: string): ApiError {
  return new ApiError('InvalidFilter', why)
}

export function invalidSchedule(why: string): ApiError {
  return new ApiError('InvalidEvidenceSchedule', why)
}

export function invalidDestination(bucket: string, why: string): ApiError {
  return new ApiError('InvalidEvidenceDestination', `Reports cannot be written to the bucket ${bucket}: ${why}`)
}

export function tooManySchedules(limit: number): ApiError {
  return new ApiError('TooManyEvidenceSchedules', `An account has at most ${limit} evidence schedules in a Region.`)
}

export function scheduleNotFound(name: string): ApiError {
  return new ApiError('EvidenceScheduleNotFound', `There is no evidence schedule ${name}.`)
}
