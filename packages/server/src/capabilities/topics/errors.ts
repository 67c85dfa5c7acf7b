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

/** What is wrong with one of the attributes of `Subscribe`; other operations say the same without naming the parameter. */
export function ofAttributes(error: unknown): unknown {
  const reason =
    error instanceof ApiError && /^Invalid parameter: ((FilterPolicy|RawMessageDelivery)\w*: .*)/s.exec(error.message)
  return reason ? invalidParameter(`Attributes Reason: ${reason[1]}`) : error
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
