import { ApiError } from '#kernel/api-error.ts'

/** AWS sends it without a message (PS-22). */
export function invalidResourceId(): ApiError {
  return new ApiError('InvalidResourceId')
}

// The sentences of the next two are the API reference's descriptions of these errors.

export function invalidResourceType(): ApiError {
  return new ApiError(
    'InvalidResourceType',
    "The resource type isn't valid. For example, if you are attempting to tag an EC2 instance, the instance must be a " +
      'registered managed node.',
  )
}

export function tooManyTags(): ApiError {
  return new ApiError(
    'TooManyTagsError',
    'A resource carries at most 50 tags, with those that it has already. Remove one or more tags and try again.',
  )
}

/** Ours. */
export function reservedTagKey(key: string): ApiError {
  return new ApiError('ValidationException', `The tag key ${key} begins with aws:, which is reserved for AWS.`)
}
