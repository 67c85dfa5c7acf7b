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

/** An ARN of another Region is named by the Region. */
export function invalidArn(what: string): ApiError {
  return new ApiError('NotFoundException', `Invalid arn ${what}`)
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

export function incompatibleAlgorithm(algorithm: string, spec: string): ApiError {
  return new ApiError('InvalidKeyUsageException', `Algorithm ${algorithm} is incompatible with key spec ${spec}.`)
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

export function invalidPrincipal(text: string): ApiError {
  return new ApiError('InvalidArnException', `ARN does not refer to a valid principal: ${text}`)
}

export function aliasExists(aliasArn: string): ApiError {
  return new ApiError('AlreadyExistsException', `An alias with the name ${aliasArn} already exists`)
}

export function aliasOfAlias(): ApiError {
  return new ApiError('ValidationException', 'Aliases must refer to keys. Not aliases')
}

export function aliasWithoutPrefix(): ApiError {
  return new ApiError(
    'ValidationException',
    'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
  )
}

export function notAnAlias(): ApiError {
  return new ApiError('ValidationException', 'Invalid identifier')
}

/** Ours. */
export function reservedAlias(name: string): ApiError {
  return new ApiError(
    'InvalidAliasNameException',
    `${name} begins with alias/aws/, which is reserved for AWS services.`,
  )
}

/** Ours. */
export function tooMany(what: string, most: number): ApiError {
  return new ApiError('LimitExceededException', `There may be at most ${most} ${what}.`)
}

/** The words that a refusal by the policy of a service's own key has. */
export function keyOfAService(caller: string, action: string, keyArn: string): ApiError {
  return new ApiError(
    'AccessDeniedException',
    `User: ${caller} is not authorized to perform: ${action} on resource: ${keyArn} because no resource-based policy ` +
      `allows the ${action} action`,
  )
}

export function deletionWindow(days: number): ApiError {
  return new ApiError('ValidationException', `PendingWindowInDays should be between 7 and 30, but it is ${days}`)
}

/** Ours. */
export function noSuchKeyStore(): ApiError {
  return new ApiError('CustomKeyStoreNotFoundException', 'There are no custom key stores in Steward.')
}

export function noMoreRotations(keyArn: string): ApiError {
  return new ApiError(
    'LimitExceededException',
    'The on-demand rotations limit has been reached for the given keyId. No more on-demand rotations can be performed ' +
      `for this key: ${keyArn}`,
  )
}

/** No sentence, as with AWS. */
export function doesNotRotate(): ApiError {
  return new ApiError('UnsupportedOperationException', undefined, { detail: 'Only symmetric encryption keys rotate.' })
}

/** Ours. */
export function unsupported(what: string): ApiError {
  return new ApiError('UnsupportedOperationException', what)
}

/** Ours, but for the name. */
export function invalid(sentence: string): ApiError {
  return new ApiError('ValidationException', sentence)
}

export function tagFault(sentence: string): ApiError {
  return new ApiError('TagException', sentence)
}

export function policyNamesNobody(principal: string): ApiError {
  return new ApiError(
    'MalformedPolicyDocumentException',
    'Policy contains a statement with one or more invalid principals.',
    { detail: { principal } },
  )
}

export function policyWouldLockOut(): ApiError {
  return new ApiError(
    'MalformedPolicyDocumentException',
    'The new key policy will not allow you to update the key policy in the future.',
  )
}

/** Ours. */
export function invalidGrantToken(): ApiError {
  return new ApiError('InvalidGrantTokenException', 'A grant token is not valid.')
}

export function grantNotFound(grantId: string): ApiError {
  return new ApiError('NotFoundException', `Grant ID ${grantId} not found`)
}

export function noSuchPolicy(): ApiError {
  return new ApiError('NotFoundException', 'No such policy exists')
}

/** Ours. */
export function invalidGrantId(grantId: string): ApiError {
  return new ApiError('InvalidGrantIdException', `Invalid grant id ${grantId}`)
}

/** No sentence, as with AWS. */
export function invalidSignature(): ApiError {
  return new ApiError('KMSInvalidSignatureException')
}

/** No sentence, as with AWS. */
export function invalidPublicKey(detail: string, cause?: unknown): ApiError {
  return new ApiError('ValidationException', undefined, { detail, cause })
}

/** No sentence, as with AWS. */
export function invalidMac(): ApiError {
  return new ApiError('KMSInvalidMacException')
}
