import { ApiError } from '#kernel/api-error.ts'

export const invalidParameter = (message: string) => new ApiError('InvalidParameterException', message)
