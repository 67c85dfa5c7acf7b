import { ApiError } from '#kernel/api-error.ts'

// The sentences are those that AWS answers, where no «Ours» stands.

export function invalid(message: string): ApiError {
  return new ApiError('InvalidParameterException', message)
}

export function noSuchGroup(): ApiError {
  return new ApiError('ResourceNotFoundException', 'The specified log group does not exist.')
}

export function noSuchStream(): ApiError {
  return new ApiError('ResourceNotFoundException', 'The specified log stream does not exist.')
}

export function groupExists(): ApiError {
  return new ApiError('ResourceAlreadyExistsException', 'The specified log group already exists')
}

export function streamExists(): ApiError {
  return new ApiError('ResourceAlreadyExistsException', 'The specified log stream already exists')
}

export function keyNotUsable(groupArn: string, cause?: unknown): ApiError {
  return new ApiError(
    'AccessDeniedException',
    `The specified KMS key does not exist or is not allowed to be used with LogGroup '${groupArn}'`,
    { cause },
  )
}

/** Ours. */
export function deletionProtected(): ApiError {
  return invalid('The log group cannot be deleted while its deletion protection is on.')
}

/** Ours. */
export function tooManyTags(): ApiError {
  return new ApiError('TooManyTagsException', 'A resource can have no more than 50 tags.')
}

export function noSuchPolicy(name: string): ApiError {
  return new ApiError('ResourceNotFoundException', `Policy with name [${name}] does not exist.`)
}

/** Ours. */
export function tooManyPolicies(): ApiError {
  return new ApiError('LimitExceededException', 'An account can have no more than 10 resource policies in a Region.')
}

export function invalidPattern(): ApiError {
  return invalid('Invalid filter pattern')
}

/** Ours: what is left out says so, instead of being taken and forgotten. */
export function notBuilt(what: string): ApiError {
  return invalid(`${what} not supported by Steward.`)
}
