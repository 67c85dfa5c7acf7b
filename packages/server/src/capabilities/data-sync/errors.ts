/** Codes are AWS's, and so are the first sentences, from the API reference; what follows says what it is about. */
import { ApiError } from '#kernel/api-error.ts'

export function syncAlreadyExists(name: string): ApiError {
  return new ApiError(
    'ResourceDataSyncAlreadyExistsException',
    `A sync configuration with the same name already exists: ${name}`,
  )
}

/** As recorded. */
export function syncNotFound(): ApiError {
  return new ApiError('ResourceDataSyncNotFoundException', 'The specified sync name was not found.')
}

export function tooManySyncs(limit: number, type: string): ApiError {
  return new ApiError(
    'ResourceDataSyncCountExceededException',
    `You have exceeded the allowed maximum sync configurations: ${limit} of the type ${type}.`,
  )
}

export function invalidConfiguration(why: string): ApiError {
  return new ApiError(
    'ResourceDataSyncInvalidConfigurationException',
    `The specified sync configuration is invalid. ${why}`,
  )
}

/** Clients wait and try again at these words. */
export function writeFailed(bucket: string, why: string): string {
  return `S3 write failed for bucket ${bucket}: ${why}`
}
