import { ApiError } from '#kernel/api-error.ts'

export const associationDoesNotExist = (id: string) =>
  new ApiError('AssociationDoesNotExist', `The association ${id} does not exist.`)

export const noAssociationOf = (name: string, nodeId: string) =>
  new ApiError('AssociationDoesNotExist', `There is no association of the document ${name} with ${nodeId}.`)

export const executionDoesNotExist = (id: string) =>
  new ApiError('AssociationExecutionDoesNotExist', `The association has no execution with the id ${id}.`)

export const associationAlreadyExists = () => new ApiError('AssociationAlreadyExists')

export const tooManyAssociations = () => new ApiError('AssociationLimitExceeded')

export const idOrNameAndNode = () =>
  new ApiError('ValidationException', 'An association is named by AssociationId, or by Name and InstanceId.')

export const noSuchVersion = (version: string) =>
  new ApiError('InvalidAssociationVersion', `The association has no version ${version}.`)

export const notLatestVersion = (version: string, latest: number) =>
  new ApiError(
    'InvalidAssociationVersion',
    `Only the latest version of an association can be updated. You gave ${version}, the latest is ${latest}.`,
  )

export const invalidSchedule = (why: string) => new ApiError('InvalidSchedule', why)

export const invalidTarget = (why: string) => new ApiError('InvalidTarget', why)

export const invalidInstanceId = (id: string) =>
  new ApiError('InvalidInstanceId', `There is no registered node with the id ${id}.`)

export const invalidOutputLocation = () =>
  new ApiError('InvalidOutputLocation', 'An output location names a bucket in OutputS3BucketName.')

export const documentNotUsable = (name: string, type: string) =>
  new ApiError('InvalidDocument', `The document ${name} is of type ${type}; an association needs one of type Command.`)

export const unsupportedPlatform = (name: string, nodeId: string, platform: string) =>
  new ApiError(
    'UnsupportedPlatformType',
    `The document ${name} does not support ${platform}, the platform of ${nodeId}.`,
  )

export const notWithInstanceId = (members: readonly string[]) =>
  new ApiError(
    'ValidationException',
    `${members.join(', ')} cannot be used with InstanceId. Use Targets with the key InstanceIds instead.`,
  )

export const alarmMissing = (name: string) =>
  new ApiError(
    'ValidationException',
    `The alarm ${name} cannot be read. Set IgnorePollAlarmFailure to go on without watching it.`,
  )

export const notBuilt = (what: string) => new ApiError('NotImplemented', `${what} are not implemented yet.`)

export const duplicateEntry = (id: string) =>
  new ApiError('DuplicateInstanceId', `You can't specify a managed node ID more than once: ${id}.`)

export const statusUnchanged = () => new ApiError('StatusUnchanged')

export const notOfThisNode = () =>
  new ApiError('InvalidInstanceId', 'A node reports the state of its own associations only.')
