import { ApiError } from '#kernel/api-error.ts'

// The agent prints code and message of the first five when a registration fails. AWS's own sentences are those of the API
// reference; the ones that say more are ours.

export function invalidActivationId(): ApiError {
  return new ApiError(
    'InvalidActivationId',
    "The activation ID isn't valid. Verify that you entered the correct ActivationId or ActivationCode and try again.",
  )
}

export function invalidActivation(): ApiError {
  return new ApiError(
    'InvalidActivation',
    "The activation isn't valid. The activation might have been deleted, or the ActivationId and the ActivationCode don't match.",
  )
}

export function activationExpired(at: Date): ApiError {
  return new ApiError(
    'InvalidActivation',
    `The activation isn't valid. It expired at ${at.toISOString()}. Create another one and try again.`,
  )
}

export function activationUsedUp(limit: number): ApiError {
  return new ApiError(
    'InvalidActivation',
    `The activation isn't valid. It was made for ${limit} registration${limit === 1 ? '' : 's'}, and all are used. ` +
      'Create another one and try again.',
  )
}

/** Ours, of enrolment keys; the agent prints these too. */
export function wrongPlace(sourceIp: string, ranges: readonly string[]): ApiError {
  return new ApiError(
    'InvalidActivation',
    `The activation isn't valid for this machine. It is for machines that call from ${ranges.join(', ')}; this one calls from ${sourceIp}.`,
  )
}

export function hostNameDoesNotFit(hostName: string, pattern: string): ApiError {
  return new ApiError(
    'InvalidActivation',
    `The activation isn't valid for this machine. It is for machines named like ${pattern}; this one is ${hostName}.`,
  )
}

export function hostNameNotTold(pattern: string): ApiError {
  return new ApiError(
    'InvalidActivation',
    `The activation isn't valid for this machine. It is for machines named like ${pattern}, and this agent does not tell the machine's name when it registers. Register it with Steward's agent, or with an activation without a pattern.`,
  )
}

export function waitsForApproval(requestId: string): ApiError {
  return new ApiError(
    'InvalidActivation',
    `The activation isn't valid yet for this machine. It waits for approval as ${requestId}. Register it again when it is approved.`,
  )
}

export function enrolmentRefused(requestId: string): ApiError {
  return new ApiError(
    'InvalidActivation',
    `The activation isn't valid for this machine. An administrator refused it (${requestId}).`,
  )
}

export function tooManyWait(): ApiError {
  return new ApiError(
    'InvalidActivation',
    "The activation isn't valid yet for this machine. As many machines as may wait for approval do so already. Try again when some were decided.",
  )
}

export function enrolmentRequestNotFound(id: string): ApiError {
  return new ApiError('EnrolmentRequestNotFound', `No machine waits for approval as ${id}.`)
}

export function invalidPublicKey(): ApiError {
  return new ApiError(
    'ValidationException',
    'The public key must be an RSA key of 2048 bits as base64 of its DER SubjectPublicKeyInfo.',
  )
}

/** AWS's sentence, as agents log it. */
export function noSuchNode(nodeId: string): ApiError {
  return new ApiError('InvalidInstanceId', `Not existing InstanceId ${nodeId}`)
}

export function fingerprintDoesNotMatch(nodeId: string): ApiError {
  return new ApiError(
    'MachineFingerprintDoesNotMatch',
    `The fingerprint of this machine is not the one with which ${nodeId} was registered. Register this machine as a node of its own.`,
  )
}

export function invalidParameters(message: string): ApiError {
  return new ApiError('InvalidParameters', message)
}

export function validation(message: string): ApiError {
  return new ApiError('ValidationException', message)
}

export function invalidFilter(message: string): ApiError {
  return new ApiError('InvalidFilter', message)
}

export function invalidAggregator(message: string): ApiError {
  return new ApiError('InvalidAggregatorException', message)
}

export function resourceDataSyncNotFound(): ApiError {
  return new ApiError('ResourceDataSyncNotFoundException', 'The specified sync name was not found.')
}
