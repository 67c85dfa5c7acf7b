import { ApiError } from '#kernel/api-error.ts'

export function noSuchBus(name: string): ApiError {
  return new ApiError('ResourceNotFoundException', `Event bus ${name} does not exist.`)
}

export function noSuchRule(name: string, bus: string): ApiError {
  return new ApiError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus ${bus}.`)
}

export function tooMany(): ApiError {
  return new ApiError('LimitExceededException', 'The requested resource exceeds the maximum number allowed.')
}

export function invalidPattern(reason: string): ApiError {
  return new ApiError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}`)
}

export function alreadyExists(kind: string, name: string): ApiError {
  return new ApiError('ResourceAlreadyExistsException', `${kind} ${name} already exists.`)
}

/** `attempt`: what could not be done for want of it. */
export function noSuchConnection(attempt: string, name: string): ApiError {
  return new ApiError(
    'ResourceNotFoundException',
    `Failed to ${attempt} the connection(s). Connection '${name}' does not exist.`,
  )
}

/** `attempt`: what could not be done for want of it. */
export function noSuchApiDestination(attempt: string, name: string): ApiError {
  return new ApiError(
    'ResourceNotFoundException',
    `Failed to ${attempt} the api-destination(s). An api-destination '${name}' does not exist.`,
  )
}

export function invalid(message: string): ApiError {
  return new ApiError('ValidationException', message)
}

/** The sentence is ours. */
export function policyNamesNobody(principal: string): ApiError {
  return invalid(`Invalid principal in policy: "AWS":"${principal}"`)
}

/** Ours: what is left out says so, instead of being taken and forgotten. */
export function notBuilt(what: string): ApiError {
  return new ApiError('ValidationException', `${what} not supported by Steward.`)
}
