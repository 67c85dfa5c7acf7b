import { ApiError } from '#kernel/api-error.ts'

export const targetNotConnected = (target: string) => new ApiError('TargetNotConnected', `${target} is not connected.`)

/** The code is AWS's for targets that cannot be reached; the sentence is ours. */
export const targetOfEcs = (target: string) =>
  new ApiError(
    'TargetNotConnected',
    `${target} is not connected. Containers of ECS are no targets here: register what runs the container as a node.`,
  )

export const notASessionDocument = (type: string) =>
  new ApiError(
    'InvalidDocument',
    `Document type: '${type}' is not supported. Only type: 'Session' is supported for Session Manager.`,
  )

export const invalidSessionDocument = (reason: string) => new ApiError('InvalidDocument', reason)

export const invalidRequest = (message: string) => new ApiError('ValidationException', message)

export const commandNotAllowed = (documentName: string) =>
  new ApiError('AccessDeniedException', `The session document ${documentName} does not allow this command.`)

export const sessionDoesNotExist = (id: string) =>
  new ApiError('DoesNotExistException', `Session ${id} does not exist.`)

/** Agents that come back to a session stop at this sentence. */
export const sessionIsTerminated = (id: string) =>
  new ApiError('DoesNotExistException', `Session is already terminated: ${id}`)

export const invalidFilterValue = (key: string, value: string) =>
  new ApiError('ValidationException', `'${value}' is not a value that the filter ${key} takes.`)

export const approvalIsNotPending = (id: string) =>
  new ApiError('ValidationException', `The session ${id} does not wait for an approval.`)

export const decidedByOwner = () =>
  new ApiError('AccessDeniedException', 'Somebody else than the person who started a session decides on it.')
