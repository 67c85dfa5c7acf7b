import { ApiError } from '#kernel/api-error.ts'

// The sentences are those that IAM answers, as its users meet them.

export function noSuchEntity(kind: string, name: string): ApiError {
  return new ApiError('NoSuchEntity', `The ${kind} with name ${name} cannot be found.`)
}

/** Nobody has the ARN of whom a simulation is asked. */
export function noSuchPrincipal(): ApiError {
  return new ApiError('NoSuchEntity', 'Unable to retrieve specified IAM entity.')
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

/** What stands where an ARN belongs is none. AWS writes the two spaces. */
export function unparsedArn(): ApiError {
  return validationError('Invalid ARN:  Could not be parsed!')
}

export function unmodifiableRole(name: string): ApiError {
  return new ApiError(
    'UnmodifiableEntity',
    `Cannot perform the operation on the protected role '${name}' - this role is only modifiable by AWS`,
  )
}

export function policyNotFound(arn: string): ApiError {
  return new ApiError('NoSuchEntity', `Policy ${arn} was not found.`)
}

export function policyNotAttachable(arn: string): ApiError {
  return new ApiError('NoSuchEntity', `Policy ${arn} does not exist or is not attachable.`)
}

/** A policy that only a service's own role may have. */
export function onlyForServices(arn: string): ApiError {
  return new ApiError('PolicyNotAttachable', `Cannot attach a Service Role Policy to a Customer Role. (${arn})`)
}

export function policyVersionNotFound(arn: string, version: string): ApiError {
  return new ApiError('NoSuchEntity', `Policy ${arn} version ${version} does not exist or is not attachable.`)
}

export function policyAlreadyExists(name: string): ApiError {
  return new ApiError('EntityAlreadyExists', `A policy called ${name} already exists. Duplicate names are not allowed.`)
}

export function oldPolicyVersion(): ApiError {
  return new ApiError('MalformedPolicyDocument', 'Policy document must be version 2012-10-17 or greater.')
}

export function tooManyVersions(): ApiError {
  return new ApiError(
    'LimitExceeded',
    'A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.',
  )
}

export function inlineSizeExceeded(limit: number, kind: string, name: string): ApiError {
  return new ApiError('LimitExceeded', `Maximum policy size of ${limit} bytes exceeded for ${kind} ${name}`)
}

/** What AWS owns cannot be changed by an account. */
export function notOwnPolicy(arn: string): ApiError {
  return new ApiError('AccessDeniedException', `The policy ${arn} belongs to AWS and cannot be changed by an account.`)
}

/** `GetUser` and its like, asked for «me» by somebody who is no user. */
export function userNameNeeded(): ApiError {
  return validationError('Must specify userName when calling with non-User credentials')
}

export function noSuchAccessKey(id: string): ApiError {
  return new ApiError('NoSuchEntity', `The Access Key with id ${id} cannot be found.`)
}

export function noSuchLoginProfile(userName: string): ApiError {
  return new ApiError('NoSuchEntity', `Login Profile for User ${userName} cannot be found.`)
}

export function noSuchPasswordPolicy(account: string): ApiError {
  return new ApiError('NoSuchEntity', `The Password Policy with domain name ${account} cannot be found.`)
}

/** The words that `DeleteAccountPasswordPolicy` has for the same. */
export function noPasswordPolicyToDelete(): ApiError {
  return new ApiError('NoSuchEntity', 'The account policy with name PasswordPolicy cannot be found.')
}

export function noSuchMfaDevice(serialNumber: string): ApiError {
  return new ApiError('NoSuchEntity', `VirtualMFADevice with serial number ${serialNumber} doesn't exist.`)
}

export function invalidAuthenticationCode(): ApiError {
  return new ApiError('InvalidAuthenticationCode', 'Authentication code for device is not valid.')
}

export function passwordViolates(message: string): ApiError {
  return new ApiError('PasswordPolicyViolation', message)
}

export function noBoundary(kind: string, name: string): ApiError {
  return new ApiError('NoSuchEntity', `The ${kind} with name ${name} has no permissions boundary.`)
}

export function notInGroup(userName: string, groupName: string): ApiError {
  return new ApiError('NoSuchEntity', `User ${userName} is not in group ${groupName}.`)
}

/** The answer for keys of other accounts and for those that do not exist; the operation knows no `NoSuchEntity`. */
export function notYourAccessKey(callerArn: string, id: string): ApiError {
  return new ApiError(
    'AccessDeniedException',
    `User: ${callerArn} is not authorized to perform: iam:GetAccessKeyLastUsed on resource: access key ${id}`,
  )
}

export function loginProfileExists(userName: string): ApiError {
  return new ApiError('EntityAlreadyExists', `Login Profile for user ${userName} already exists.`)
}

export function wrongPassword(): ApiError {
  return new ApiError('AccessDeniedException', 'The old password was incorrect.')
}

export function passwordUsedBefore(): ApiError {
  return passwordViolates('Policy constraint violation with password reuse prevention during password change.')
}

/** Ours. */
export function notAUser(): ApiError {
  return new ApiError('InvalidUserType', 'Only IAM users can change their own password.')
}

export function aliasExists(alias: string): ApiError {
  return new ApiError('EntityAlreadyExists', `The account alias ${alias} already exists.`)
}

export function noSuchAlias(alias: string): ApiError {
  return new ApiError('NoSuchEntity', `The account alias ${alias} cannot be found.`)
}

export function mfaDeviceExists(): ApiError {
  return new ApiError('EntityAlreadyExists', 'MFADevice entity at the same path and name already exists.')
}

export function mfaDeviceInUse(): ApiError {
  return new ApiError('EntityAlreadyExists', 'MFADevice is already in use.')
}

export function noSuchInstanceProfile(name: string): ApiError {
  return new ApiError('NoSuchEntity', `Instance Profile ${name} cannot be found.`)
}

export function instanceProfileExists(name: string): ApiError {
  return new ApiError('EntityAlreadyExists', `Instance Profile ${name} already exists.`)
}

export function noSuchProvider(arn: string): ApiError {
  return new ApiError('NoSuchEntity', `OpenIDConnect Provider not found for arn ${arn}`)
}

export function invalidPrincipal(kind: 'AWS' | 'SERVICE', name: string): ApiError {
  return new ApiError('MalformedPolicyDocument', `Invalid principal in policy: "${kind}":"${name}"`)
}

export function providerExists(url: string): ApiError {
  return new ApiError('EntityAlreadyExists', `Provider with url https://${url} already exists.`)
}

export function serviceRoleTaken(name: string): ApiError {
  return new ApiError(
    'InvalidInput',
    `Service role name ${name} has been taken in this account, please try a different suffix.`,
  )
}

export function noCredentialReport(): ApiError {
  return new ApiError('ReportNotPresent', 'Credential report is not present.')
}

export function oldCredentialReport(): ApiError {
  return new ApiError('ReportExpired', 'Credential report has expired. Use GenerateCredentialReport to make a new one.')
}

/** Ours: the path and name make the serial number, which no operation takes if it is longer. */
export function mfaNameTooLong(name: string): ApiError {
  return validationError(`The name ${name} and its path are too long: a serial number has at most 256 characters.`)
}
