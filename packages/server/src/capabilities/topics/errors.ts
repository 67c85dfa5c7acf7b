import { ApiError } from '#kernel/api-error.ts'

export function invalidParameter(what: string): ApiError {
  return new ApiError('InvalidParameter', `Invalid parameter: ${what}`)
}

export function foreignAction(): ApiError {
  return invalidParameter('Policy statement action out of service scope!')
}

export function principalNotFound(principal: string): ApiError {
  return new ApiError('InvalidParameter', 'Invalid parameter: Policy Error: PrincipalNotFound', {
    detail: { principal },
  })
}

/** Ours: what is left out says so, instead of being taken and forgotten. */
export function notBuilt(parameter: string, what: string): ApiError {
  return invalidParameter(`${parameter} Reason: ${what} not supported by Steward`)
}

export function noSuchTopic(): ApiError {
  return new ApiError('NotFound', 'Topic does not exist')
}

export function noSuchSubscription(): ApiError {
  return new ApiError('NotFound', 'Subscription does not exist')
}

export function invalidAttribute(message: string): ApiError {
  return new ApiError('ParameterValueInvalid', message)
}
