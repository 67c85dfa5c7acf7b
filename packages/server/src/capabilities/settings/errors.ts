import { ApiError } from '#kernel/api-error.ts'

/** The API reference's description of this error. */
export function settingNotFound(id: string): ApiError {
  return new ApiError(
    'ServiceSettingNotFound',
    `The specified service setting wasn't found. Either the service name or the setting ID is not correct: ${id}`,
  )
}

/** Ours. */
export function badSettingValue(id: string, value: string): ApiError {
  return new ApiError('ValidationException', `The setting ${id} cannot have the value ${value}.`)
}
