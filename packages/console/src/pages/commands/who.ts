/** A principal's ARN as people say it: the user's name, or role and session. */
export function whoOf(arn: string): string {
  return /^arn:[^:]*:(?:iam|sts)::\d+:(?:user|assumed-role)\/(.+)$/.exec(arn)?.[1] ?? arn.replace(/^arn:.*:/, '')
}
