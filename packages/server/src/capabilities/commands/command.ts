import type {
  AlarmConfiguration,
  CloudWatchOutputConfig,
  Command,
  NotificationConfig,
  SendCommandRequest,
  Targets,
} from '@steward/model/generated/ssm.ts'
import type { Scope } from '#kernel/scope.ts'
import { invalidNotificationConfig, invalidRole } from './errors.ts'
import type { FinalDetails, Tally } from './status.ts'
import type { CommandRow } from './tables.ts'

/** What the caller asked for, kept as it was asked, since the API echoes it. */
export interface CommandRequest {
  readonly documentVersion: string
  readonly comment: string
  readonly parameters: Readonly<Record<string, readonly string[]>>
  readonly instanceIds: readonly string[]
  readonly targets: Targets
  readonly outputS3Region: string
  readonly outputS3BucketName: string
  readonly outputS3KeyPrefix: string
  readonly maxConcurrency: string
  readonly maxErrors: string
  readonly serviceRole: string
  /** Undefined when no topic is told of changes. */
  readonly notificationConfig?: NotificationConfig
  readonly timeoutSeconds: number
  readonly cloudWatchOutputConfig: CloudWatchOutputConfig
  readonly alarmConfiguration: AlarmConfiguration
}

/** A step that reports for itself. */
export interface StepName {
  readonly name: string
  readonly plugin: string
}

export const DEFAULT_TIMEOUT_SECONDS = 3600

export function commandRequest(
  input: SendCommandRequest,
  { account, region }: Scope,
  defaults: { maxConcurrency: string; maxErrors: string },
): CommandRequest {
  return {
    documentVersion: input.DocumentVersion || '$DEFAULT',
    comment: input.Comment ?? '',
    parameters: input.Parameters ?? {},
    instanceIds: input.InstanceIds ?? [],
    targets: input.Targets ?? [],
    // Filled in even without any output to S3 (RC-28).
    outputS3Region: input.OutputS3Region || region,
    outputS3BucketName: input.OutputS3BucketName ?? '',
    outputS3KeyPrefix: input.OutputS3KeyPrefix ?? '',
    maxConcurrency: input.MaxConcurrency ?? defaults.maxConcurrency,
    maxErrors: input.MaxErrors ?? defaults.maxErrors,
    serviceRole: input.ServiceRoleArn ?? '',
    notificationConfig: notificationConfig(input, account),
    timeoutSeconds: input.TimeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS,
    cloudWatchOutputConfig: {
      CloudWatchLogGroupName: input.CloudWatchOutputConfig?.CloudWatchLogGroupName ?? '',
      CloudWatchOutputEnabled: input.CloudWatchOutputConfig?.CloudWatchOutputEnabled ?? false,
    },
    alarmConfiguration: input.AlarmConfiguration ?? { IgnorePollAlarmFailure: false, Alarms: [] },
  }
}

/** What AWS shows where there are no notifications. Its third member is an empty text, which the model does not allow. */
export const NO_NOTIFICATIONS: NotificationConfig = { NotificationArn: '', NotificationEvents: [] }

/** The row as the API shows it (RC-07). */
export function toCommand(row: CommandRow, request: CommandRequest): Command {
  return {
    CommandId: row.id,
    DocumentName: row.document_name,
    DocumentVersion: request.documentVersion,
    Comment: request.comment,
    ExpiresAfter: new Date(row.expires_at),
    Parameters: request.parameters as Command['Parameters'],
    InstanceIds: [...request.instanceIds],
    Targets: request.targets,
    RequestedDateTime: new Date(row.requested_at),
    Status: row.status as Command['Status'],
    StatusDetails: row.status_details,
    OutputS3Region: request.outputS3Region,
    OutputS3BucketName: request.outputS3BucketName,
    OutputS3KeyPrefix: request.outputS3KeyPrefix,
    MaxConcurrency: request.maxConcurrency,
    MaxErrors: request.maxErrors,
    TargetCount: row.target_count,
    CompletedCount: row.completed_count,
    ErrorCount: row.error_count,
    DeliveryTimedOutCount: tallyOf(row).ended.DeliveryTimedOut ?? 0,
    ServiceRole: request.serviceRole,
    NotificationConfig: request.notificationConfig ?? NO_NOTIFICATIONS,
    CloudWatchOutputConfig: request.cloudWatchOutputConfig,
    TimeoutSeconds: request.timeoutSeconds,
    AlarmConfiguration: request.alarmConfiguration,
    TriggeredAlarms: [],
  }
}

export function tallyOf(
  row: Pick<CommandRow, 'target_count' | 'answered_count' | 'cancelling_count' | 'ended'>,
): Tally {
  return {
    targets: row.target_count,
    answered: row.answered_count,
    cancelling: row.cancelling_count,
    ended: JSON.parse(row.ended) as Partial<Record<FinalDetails, number>>,
  }
}

const ROLE_ARN = /^arn:[^:]+:iam::(\d{12}):role\/\S+$/

/** What the caller asked for, with AWS's defaults. Throws `InvalidNotificationConfig`, `InvalidRole`. */
function notificationConfig(
  { NotificationConfig: config, ServiceRoleArn = '' }: SendCommandRequest,
  account: string,
): NotificationConfig | undefined {
  const { NotificationArn, NotificationEvents = [], NotificationType = 'Command' } = config ?? {}
  if (!NotificationArn) {
    if (NotificationEvents.length > 0) throw invalidNotificationConfig('NotificationArn is missing.')
    return undefined
  }
  if (!/^arn:[^:]+:sns:[^:]+:\d{12}:[\w-]+$/.test(NotificationArn))
    throw invalidNotificationConfig(`${NotificationArn} is not the ARN of an SNS topic.`)
  // Whether there is such a role is not asked: those that IAM does not know are taken too.
  if (ROLE_ARN.exec(ServiceRoleArn)?.[1] !== account) throw invalidRole(ServiceRoleArn, account)
  const events = NotificationEvents.length > 0 ? NotificationEvents : (['All'] as const)
  return { NotificationArn, NotificationEvents: [...events], NotificationType }
}
