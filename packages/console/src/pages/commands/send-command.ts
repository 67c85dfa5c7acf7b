/** A command as it is sent, and the same in words for a terminal. */
import type { Command, SendCommandRequest } from '@aws-sdk/client-ssm'
import { shellWords } from '#components/shell-words.ts'

/** What to send to have the same command once more. */
export function sameAgain(command: Command): SendCommandRequest {
  const { InstanceIds = [], Targets = [], Parameters = {} } = command
  return {
    DocumentName: command.DocumentName,
    DocumentVersion: command.DocumentVersion || undefined,
    ...(InstanceIds.length > 0 ? { InstanceIds } : { Targets }),
    ...(Object.keys(Parameters).length > 0 && { Parameters }),
    Comment: command.Comment || undefined,
    TimeoutSeconds: command.TimeoutSeconds,
    MaxConcurrency: command.MaxConcurrency,
    MaxErrors: command.MaxErrors,
    OutputS3BucketName: command.OutputS3BucketName || undefined,
    OutputS3KeyPrefix: (command.OutputS3BucketName && command.OutputS3KeyPrefix) || undefined,
    ServiceRoleArn: command.ServiceRole || undefined,
    ...(command.NotificationConfig?.NotificationArn && { NotificationConfig: command.NotificationConfig }),
    ...(command.CloudWatchOutputConfig?.CloudWatchOutputEnabled && {
      CloudWatchOutputConfig: {
        CloudWatchOutputEnabled: true,
        CloudWatchLogGroupName: command.CloudWatchOutputConfig.CloudWatchLogGroupName || undefined,
      },
    }),
  }
}

/** The same with the AWS CLI. */
export function sendCommandText(request: SendCommandRequest): string {
  const { CloudWatchOutputConfig: logs } = request
  const json = (value: object | undefined) => value && JSON.stringify(value)
  const options: (readonly [string, string | number | undefined | readonly string[]])[] = [
    ['--document-name', request.DocumentName],
    ['--document-version', request.DocumentVersion === '$DEFAULT' ? undefined : request.DocumentVersion],
    ['--instance-ids', request.InstanceIds],
    ['--targets', json(request.Targets)],
    ['--parameters', json(request.Parameters)],
    ['--comment', request.Comment],
    ['--timeout-seconds', request.TimeoutSeconds],
    ['--max-concurrency', request.MaxConcurrency],
    ['--max-errors', request.MaxErrors],
    ['--output-s3-bucket-name', request.OutputS3BucketName],
    ['--output-s3-key-prefix', request.OutputS3KeyPrefix],
    ['--service-role-arn', request.ServiceRoleArn],
    ['--notification-config', json(request.NotificationConfig)],
    ['--cloud-watch-output-config', json(logs)],
  ]
  const words = options.flatMap(([name, value]) =>
    value === undefined || value.toString() === '' ? [] : [shellWords(name, ...[value].flat())],
  )
  return ['aws ssm send-command', ...words].join(' \\\n  ')
}
