import { ApiError } from '#kernel/api-error.ts'

// The sentences are those that STS answers, as its users meet them.

/** The same for a role that is not there and for one that does not trust the caller: nobody learns what roles there are. */
export function mayNotAssume(callerArn: string, action: string, roleArn: string): ApiError {
  return new ApiError(
    'AccessDeniedException',
    `User: ${callerArn} is not authorized to perform: ${action} on resource: ${roleArn} because no role trust policy allows the ${action} action`,
  )
}

export function webIdentityRefused(): ApiError {
  return new ApiError('AccessDeniedException', 'Not authorized to perform sts:AssumeRoleWithWebIdentity')
}

export function accessDenied(message: string): ApiError {
  return new ApiError('AccessDeniedException', message)
}

export function wrongCode(): ApiError {
  return accessDenied('MultiFactorAuthentication failed with invalid MFA one time pass code. ')
}

export function validationError(message: string): ApiError {
  return new ApiError('ValidationException', message)
}

/** How STS refuses tags of a session; its other rules are validation errors. */
export function invalidTags(message: string): ApiError {
  return new ApiError('InvalidParameterValue', message)
}

export function packedPolicyTooLarge(percent: number): ApiError {
  return new ApiError(
    'PackedPolicyTooLarge',
    `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`,
  )
}

export function invalidIdentityToken(message: string, cause?: unknown): ApiError {
  return new ApiError('InvalidIdentityToken', message, { cause })
}

export function expiredIdentityToken(now: Date, expired: Date): ApiError {
  const seconds = (date: Date) => Math.floor(date.getTime() / 1000)
  return new ApiError(
    'ExpiredTokenException',
    `Token expired: current date/time ${seconds(now)} must be before the expiration date/time ${seconds(expired)}`,
  )
}

export function idpUnreachable(cause?: unknown): ApiError {
  return new ApiError(
    'IDPCommunicationError',
    "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity " +
      'documentation for requirements',
    { cause },
  )
}
