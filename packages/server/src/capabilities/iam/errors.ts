import { ApiError } from '#kernel/api-error.ts'

// The sentences are those that IAM answers, as its users meet them.

export function noSuchEntity(kind: string, name: string): ApiError {
  return new ApiError('NoSuchEntity', `The ${kind} with name ${name} cannot be found.`)
}

/** `kind` begins a sentence: `User`, `Role`, `Group`. */
export function alreadyExists(kind: string, name: string): ApiError {
  return new ApiError('EntityAlreadyExists', `${kind} with name ${name} already exists.`)
}

export function deleteConflict(message: string): ApiError {
  return new ApiError('DeleteConflict', message)
}

/** `quota` is IAM's name of it, such as `PoliciesPerUser`. */
export function quotaExceeded(quota: string, limit: number): ApiError {
  return new ApiError('LimitExceeded', `Cannot exceed quota for ${quota}: ${limit}`)
}

export function invalidInput(message: string): ApiError {
  return new ApiError('InvalidInput', message)
}

/** A rule between members that the service model does not state. */
export function validationError(message: string): ApiError {
  return new ApiError('ValidationException', message)
}
