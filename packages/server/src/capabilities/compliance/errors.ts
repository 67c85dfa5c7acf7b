/** Codes are AWS's, and so is the sentence about the resource; the others are ours. */
import { ApiError } from '#kernel/api-error.ts'

export function invalidResourceId(): ApiError {
  return new ApiError(
    'InvalidResourceId',
    "The resource ID isn't valid. Verify that you entered the correct ID and try again.",
  )
}

export function invalidResourceType(): ApiError {
  return new ApiError(
    'InvalidResourceType',
    "The resource type isn't valid. For example, if you are attempting to tag an EC2 instance, the instance must be a registered managed node. " +
      'The only type with compliance is ManagedInstance.',
  )
}

export function unknownType(type: string): ApiError {
  return invalidItem(`There is no compliance type ${type}. Use Association, Patch or one that begins with Custom:.`)
}

export function invalidItem(message: string): ApiError {
  return new ApiError('InvalidItemContentException', message)
}

export function itemTooLarge(id: string, limit: number): ApiError {
  return new ApiError('ItemSizeLimitExceededException', `The item ${id} is larger than ${limit} bytes.`)
}

export function totalTooLarge(limit: number): ApiError {
  return new ApiError('TotalSizeLimitExceededException', `The items are larger than ${limit} bytes altogether.`)
}

export function tooManyTypes(limit: number): ApiError {
  return new ApiError(
    'ComplianceTypeCountLimitExceededException',
    `A node has at most ${limit} custom compliance types. Put no items of another one to be rid of it.`,
  )
}

export function partialWithoutAssociation(): ApiError {
  return new ApiError('ValidationException', 'UploadType PARTIAL is only valid for the compliance type Association.')
}

export function notManual(associationId: string): ApiError {
  return invalidItem(
    `The item ${associationId} is not the id of an association whose SyncCompliance is MANUAL, which UploadType PARTIAL takes.`,
  )
}

export function invalidFilter(message: string): ApiError {
  return new ApiError('InvalidFilter', message)
}

export function oneResourceAtATime(member: string, values: readonly string[]): ApiError {
  return new ApiError(
    'ValidationException',
    `1 validation error detected: Value '[${values.join(', ')}]' at '${member}' failed to satisfy constraint: ` +
      'Member must have length less than or equal to 1',
  )
}

export function invalidTarget(fault: string): ApiError {
  return new ApiError('InvalidTarget', `The target isn't valid: ${fault}`)
}
