import { ApiError } from '#kernel/api-error.ts'

export const badRequest = (message: string) => new ApiError('BadRequestException', message)

export const badQuery = (why: string) => badRequest(`Query not valid: ${why}`)

/** AWS's sentence, as users quote it. */
export const groupExists = () => badRequest('Cannot create group: group already exists')

export const groupNotFound = (name: string) =>
  new ApiError('NotFoundException', `Cannot find group: there is no group ${name} in this account and Region.`)
