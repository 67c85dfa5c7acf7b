import { ApiError } from '#kernel/api-error.ts'

// The sentences are those that AWS answers, where no «Ours» stands.

export function keyNotFound(keyArn: string): ApiError {
  return new ApiError('NotFoundException', `Key '${keyArn}' does not exist`)
}

export function aliasNotFound(aliasArn: string): ApiError {
  return new ApiError('NotFoundException', `Alias ${aliasArn} is not found.`)
}

export function invalidKeyId(keyId: string): ApiError {
  return new ApiError('NotFoundException', `Invalid keyId '${keyId}'`)
}

export function invalidArn(text: string): ApiError {
  return new ApiError('InvalidArnException', `Invalid arn ${text}`)
}

/** Operations that do not declare `InvalidArnException` say the same as `NotFoundException`. */
export function arnOfElsewhere(region: string): ApiError {
  return new ApiError('NotFoundException', `Invalid arn ${region}`)
}

export function disabled(keyArn: string): ApiError {
  return new ApiError('DisabledException', `${keyArn} is disabled.`)
}

export function pendingDeletion(keyArn: string): ApiError {
  return new ApiError('KMSInvalidStateException', `${keyArn} is pending deletion.`)
}

export function notPendingDeletion(keyArn: string): ApiError {
  return new ApiError('KMSInvalidStateException', `${keyArn} is not pending deletion.`)
}

/** AWS answers no sentence at all, so that nothing is learnt from trying. */
export function invalidCiphertext(detail?: string): ApiError {
  return new ApiError('InvalidCiphertextException', '', { detail })
}

export function incorrectKey(): ApiError {
  return new ApiError(
    'IncorrectKeyException',
    'The key ID in the request does not identify a CMK that can perform this operation.',
  )
}

export function invalidKeyUsage(keyArn: string, usage: string, operation: string): ApiError {
  return new ApiError(
    'InvalidKeyUsageException',
    `${keyArn} key usage is ${usage} which is not valid for ${operation}.`,
  )
}

export function dryRun(): ApiError {
  return new ApiError('DryRunOperationException', 'The request would have succeeded, but the DryRun option is set.')
}

/** Ours. */
export function keyUnavailable(keyArn: string, cause: unknown): ApiError {
  return new ApiError(
    'KeyUnavailableException',
    `${keyArn} cannot be used: the master key that its secret is sealed under is not there.`,
    { cause },
  )
}
