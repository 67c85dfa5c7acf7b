import { ApiError } from '#kernel/api-error.ts'

export const duplicateInstanceId = (id: string) =>
  new ApiError('DuplicateInstanceId', `You can't specify a managed node ID more than once: ${id}.`)

export const invalidInstanceId = (ids: readonly string[]) =>
  new ApiError(
    'InvalidInstanceId',
    `Instances not in a valid state for account: ${ids.join(', ')}. List the registered nodes with DescribeInstanceInformation.`,
  )

export const invalidCommandId = (id: string) =>
  new ApiError('InvalidCommandId', `There is no command with the id ${id}.`)

export const invocationDoesNotExist = (commandId: string, nodeId: string) =>
  new ApiError('InvocationDoesNotExist', `The command ${commandId} was not sent to ${nodeId}.`)

export const invalidPluginName = (name: string, steps: readonly string[]) =>
  new ApiError('InvalidPluginName', `The command has no step '${name}'. Its steps: ${steps.join(', ')}.`)

export const idsAndTargets = () =>
  new ApiError('ValidationException', 'InstanceIds and Targets cannot be used together. Give one of them.')

export const invalidTarget = (key: string, why: string) =>
  new ApiError('ValidationException', `The target ${key} is not valid: ${why}`)

export const noTargets = () =>
  new ApiError(
    'ValidationException',
    'The command has no target. Give InstanceIds, or Targets such as Key=tag:role,Values=web.',
  )

export const notACommandDocument = (name: string, type: string) =>
  new ApiError('InvalidDocument', `The document ${name} is of type ${type}; a command needs one of type Command.`)

export const onlyForAssociations = (name: string, plugin: string) =>
  new ApiError('InvalidDocument', `The document ${name} has ${plugin}, which only associations run.`)

export const unsupportedPlatform = (name: string, nodeId: string, platform: string) =>
  new ApiError(
    'UnsupportedPlatformType',
    `The document ${name} does not support ${platform}, the platform of ${nodeId}.`,
  )

export const payloadTooLarge = () =>
  new ApiError('MaxDocumentSizeExceeded', 'The document and its parameters are larger than 97 KB as sent to the agent.')

export const invalidOutputFolder = (bucket: string) =>
  new ApiError('InvalidOutputFolder', `No bucket can have the name ${bucket}.`)

export const invalidNotificationConfig = (reason: string) =>
  new ApiError('InvalidNotificationConfig', `The notification configuration is not valid: ${reason}`)

export const invalidRole = (role: string, account: string) =>
  new ApiError(
    'InvalidRole',
    role
      ? `${role} is not the ARN of a role of the account ${account}, which publishes to the topic.`
      : 'ServiceRoleArn is required with NotificationConfig: the role that publishes to the topic.',
  )

export const alarmMissing = (name: string) =>
  new ApiError(
    'ValidationException',
    `The alarm ${name} cannot be read. Set IgnorePollAlarmFailure to run the command without watching it.`,
  )

export const invalidFilterKey = (key: string) =>
  new ApiError('InvalidFilterKey', `The filter ${key} is not valid here.`)

export const invalidFilterValue = (key: string, value: string) =>
  new ApiError('ValidationException', `'${value}' is not a value that the filter ${key} takes.`)
