/** AWS's sentences, one function for each error. Where a comment says so, the sentence is ours. */
import { ApiError } from '#kernel/api-error.ts'

const ADVANCED_PAGE =
  'https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html'

/** AWS sends it without a message (PS-22). */
export function parameterNotFound(): ApiError {
  return new ApiError('ParameterNotFound')
}

/** AWS leaves out the first slash, and says `null` where there is no selector. */
export function secretNotFound(name: string, selector: string | undefined): ApiError {
  const said = `${name.slice(1)}${selector === undefined ? 'null' : `:${selector}`}`
  return new ApiError(
    'ParameterNotFound',
    `An error occurred (ParameterNotFound) when referencing Secrets Manager: Secret ${said} not found.`,
  )
}

export function secretNeedsDecryption(): ApiError {
  return new ApiError('ValidationException', 'WithDecryption flag must be True for retrieving a Secret Manager secret.')
}

export function versionNotFound(name: string, version: string): ApiError {
  return new ApiError(
    'ParameterVersionNotFound',
    `Systems Manager could not find version ${version} of ${name}. Verify the version and try again.`,
  )
}

/** Ours, after the one for versions. */
export function labelNotFound(name: string, label: string): ApiError {
  return new ApiError(
    'ParameterVersionNotFound',
    `Systems Manager could not find label ${label} of ${name}. Verify the label and try again.`,
  )
}

export function parameterAlreadyExists(): ApiError {
  return new ApiError(
    'ParameterAlreadyExists',
    'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
  )
}

/** Ours. */
export function notPublic(name: string): ApiError {
  return new ApiError(
    'ValidationException',
    `${name} cannot be imported: public parameters are under /aws/service/, but not under global-infrastructure, list or steward there.`,
  )
}

export function badReference(): ApiError {
  return new ApiError(
    'ValidationException',
    'Invalid parameter name. Please use correct syntax for referencing a version/label  <name>:<version/label>',
  )
}

export function notFullyQualified(): ApiError {
  return new ApiError('ValidationException', 'Parameter name must be a fully qualified name.')
}

export function badName(): ApiError {
  return new ApiError(
    'ValidationException',
    'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths ' +
      'divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_',
  )
}

export function reservedPrefix(): ApiError {
  return new ApiError(
    'ValidationException',
    'Parameter name: can\'t be prefixed with "aws" or "ssm" (case-insensitive).',
  )
}

export function reservedName(name: string): ApiError {
  return new ApiError('AccessDeniedException', `No access to reserved parameter name: ${name}.`)
}

/** Ours. */
export function nameTooLong(limit: number): ApiError {
  return new ApiError(
    'ValidationException',
    `The parameter name is too long: together with the ARN in front of it, it may have ${limit} characters.`,
  )
}

export function hierarchyTooDeep(): ApiError {
  return new ApiError(
    'HierarchyLevelLimitExceededException',
    'A hierarchy can have a maximum of 15 levels. For more information, see Requirements and constraints for parameter ' +
      'names in the Amazon Web Services Systems Manager User Guide.',
  )
}

export function badPath(): ApiError {
  return new ApiError(
    'ValidationException',
    'The parameter doesn\'t meet the parameter name requirements. The parameter name must begin with a forward slash "/". ' +
      'It can\'t be prefixed with "aws" or "ssm" (case-insensitive). It must use only letters, numbers, or the following ' +
      'symbols: . (period), - (hyphen), _ (underscore). Special characters are not allowed. All sub-paths, if specified, ' +
      'must use the forward slash symbol "/". Valid example: /get/parameters2-/by1./path0_.',
  )
}

export function typeRequired(): ApiError {
  return new ApiError('ValidationException', 'A parameter type is required when you create a parameter.')
}

export function tagsWithOverwrite(): ApiError {
  return new ApiError(
    'ValidationException',
    "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite " +
      'flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.',
  )
}

/** The value is left out: it may be a secret. */
export function valueLength(constraint: 'greater' | 'less', characters: number): ApiError {
  return new ApiError(
    'ValidationException',
    "1 validation error detected: Value at 'value' failed to satisfy constraint: Member must have length " +
      `${constraint} than or equal to ${characters}`,
  )
}

export function tooLargeForStandard(): ApiError {
  return new ApiError(
    'ValidationException',
    'Standard tier parameters support a maximum parameter value of 4096 characters. To create a larger parameter value, ' +
      `upgrade the parameter to use the advanced-parameter tier. For more information, see ${ADVANCED_PAGE}`,
  )
}

export function tooLargeForAdvanced(): ApiError {
  return new ApiError(
    'ValidationException',
    'Advanced tier parameters support a maximum parameter value of 8192 characters. For more information, see ' +
      ADVANCED_PAGE,
  )
}

export function noWayBackToStandard(): ApiError {
  return new ApiError(
    'ValidationException',
    "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier to " +
      'the standard-parameter tier. If necessary, you can delete the advanced parameter and recreate it as a standard ' +
      `parameter. For more information, see ${ADVANCED_PAGE}`,
  )
}

export function tooManyParameters(tier: 'Standard' | 'Advanced', limit: number): ApiError {
  const ending =
    tier === 'Standard'
      ? 'To add more parameters, either delete existing parameters or upgrade to the advanced-parameter tier (charges apply).'
      : 'To add more parameters, delete existing parameters.'
  return new ApiError(
    'ParameterLimitExceeded',
    `You have reached the maximum number of ${tier.toLowerCase()} parameters for this AWS account and Region (${limit}). ${ending}`,
  )
}

export function nestedValue(): ApiError {
  return new ApiError(
    'ValidationException',
    'Parameter value can\'t nest another parameter. Do not use "{{}}" in the value.',
  )
}

export function patternMismatch(pattern: string): ApiError {
  return new ApiError(
    'ParameterPatternMismatchException',
    `Parameter value, cannot be validated against allowedPattern: ${pattern}`,
  )
}

export function badPattern(cause?: unknown): ApiError {
  return new ApiError(
    'InvalidAllowedPatternException',
    'The request does not meet the regular expression requirement.',
    { cause },
  )
}

export function unsupportedDataType(dataType: string): ApiError {
  return new ApiError(
    'ValidationException',
    `The following data type is not supported: ${dataType} (Data type names are all lowercase.)`,
  )
}

/** Ours. */
export function imageMustBeString(): ApiError {
  return new ApiError('ValidationException', 'Parameters of the data type aws:ec2:image must be of the type String.')
}

export function oldestVersionIsLabelled(name: string, version: number): ApiError {
  return new ApiError(
    'ParameterMaxVersionLimitExceeded',
    `You attempted to create a new version of ${name} by calling the PutParameter API with the overwrite flag. ` +
      `Version ${version}, the oldest version, can't be deleted because it has a label associated with it. ` +
      'Move the label to another version of the parameter, and try again.',
  )
}

export function tooManyLabels(): ApiError {
  return new ApiError(
    'ParameterVersionLabelLimitExceeded',
    'A parameter version can have maximum 10 labels. Move one or more labels to another version and try again.',
  )
}

// The sentences of these four are the API reference's descriptions of the errors.

export function badPolicyType(): ApiError {
  return new ApiError(
    'InvalidPolicyTypeException',
    "The policy type isn't supported. Parameter Store supports the following policy types: Expiration, " +
      'ExpirationNotification, and NoChangeNotification.',
  )
}

export function badPolicyAttribute(why: string): ApiError {
  return new ApiError('InvalidPolicyAttributeException', `A policy attribute or its value is invalid. ${why}`)
}

export function conflictingPolicies(): ApiError {
  return new ApiError(
    'IncompatiblePolicyException',
    "There is a conflict in the policies specified for this parameter. You can't, for example, specify two Expiration " +
      'policies for a parameter. Review your policies, and try again.',
  )
}

export function tooManyPolicies(): ApiError {
  return new ApiError(
    'PoliciesLimitExceededException',
    'You specified more than the maximum number of allowed policies for the parameter. The maximum is 10.',
  )
}

/** Ours. */
export function policiesAreNotJson(): ApiError {
  return new ApiError('ValidationException', 'The parameter policies are not a JSON array of policies.')
}

/** Ours. */
export function policiesNeedAdvanced(): ApiError {
  return new ApiError(
    'ValidationException',
    `Parameter policies are supported by parameters of the advanced-parameter tier only. For more information, see ${ADVANCED_PAGE}`,
  )
}

export function unknownFilterKey(key: string, valid: readonly string[]): ApiError {
  return new ApiError(
    'InvalidFilterKey',
    `The following filter key is not valid: ${key}. Valid filter keys include: [${valid.join(', ')}].`,
  )
}

export function repeatedFilterKey(key: string): ApiError {
  return new ApiError(
    'InvalidFilterKey',
    `The following filter is duplicated in the request: ${key}. A request can contain only one occurrence of a specific filter.`,
  )
}

export function missingFilterValues(key: string): ApiError {
  return new ApiError('InvalidFilterValue', `The following filter values are missing : null for filter key ${key}.`)
}

export function badFilterValue(value: string, valid: readonly string[]): ApiError {
  return new ApiError(
    'InvalidFilterValue',
    `The following filter value is not valid: ${value}. Valid values include: [${valid.join(', ')}].`,
  )
}

/** Ours. */
export function oneLabelOnly(): ApiError {
  return new ApiError('InvalidFilterValue', 'The filter Label takes exactly one value.')
}

export function badFilterOption(option: string, valid: readonly string[]): ApiError {
  return new ApiError(
    'InvalidFilterOption',
    `The following filter option is not valid: ${option}. Valid options include: [${valid.join(', ')}].`,
  )
}

export function twoKindsOfFilters(): ApiError {
  return new ApiError('ValidationException', 'You can use either Filters or ParameterFilters in a single request.')
}

export function reservedPath(): ApiError {
  return new ApiError(
    'ValidationException',
    'Filters for common parameters can\'t be prefixed with "aws" or "ssm" (case-insensitive). When using global ' +
      'parameters, please specify within a global namespace.',
  )
}

// Resource policies. The sentences are ours.

export function resourceNotFound(resourceArn: string): ApiError {
  return new ApiError('ResourceNotFoundException', `The resource ${resourceArn} was not found.`)
}

export function invalidPolicyParameter(name: string, why: string): ApiError {
  return new ApiError('ResourcePolicyInvalidParameterException', `The parameter ${name} ${why}.`)
}

export function sharingNeedsAdvanced(): ApiError {
  return invalidPolicyParameter(
    'ResourceArn',
    'names a parameter of the standard-parameter tier; only parameters of the advanced-parameter tier can be shared',
  )
}

export function tooLargePolicy(bytes: number): ApiError {
  return new ApiError(
    'ResourcePolicyLimitExceededException',
    `A resource-based policy can't be greater than ${bytes} bytes in size.`,
  )
}

export function policyNamesNobody(principal: string): ApiError {
  return new ApiError('MalformedResourcePolicyDocumentException', `Invalid principal in policy: "AWS":"${principal}"`)
}

export function policyNotFound(policyId: string): ApiError {
  return new ApiError('ResourcePolicyNotFoundException', `The resource has no policy with the id ${policyId}.`)
}

export function policyConflict(): ApiError {
  return new ApiError(
    'ResourcePolicyConflictException',
    'The hash provided in the call does not match the stored hash. Get the policy again to see what it is now.',
  )
}
