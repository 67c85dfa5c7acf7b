/**
 * The service settings there are, and what they may be. Mirrors `packages/server/src/capabilities/settings/setting.ts`, which has
 * the say; without values: any text.
 */
export const KNOWN_SETTINGS: readonly { readonly id: string; readonly values?: readonly string[] }[] = [
  { id: '/ssm/parameter-store/default-parameter-tier', values: ['Standard', 'Advanced', 'Intelligent-Tiering'] },
  { id: '/ssm/parameter-store/high-throughput-enabled', values: ['true', 'false'] },
  { id: '/ssm/managed-instance/activation-tier', values: ['standard', 'advanced'] },
  { id: '/ssm/managed-instance/default-ec2-instance-management-role' },
  { id: '/ssm/documents/console/public-sharing-permission', values: ['Enable', 'Disable'] },
  { id: '/ssm/automation/customer-script-log-destination', values: ['CloudWatch', 'None'] },
  { id: '/ssm/automation/customer-script-log-group-name' },
  { id: '/ssm/automation/enable-adaptive-concurrency', values: ['true', 'false'] },
  { id: '/ssm/appmanager/appmanager-enabled', values: ['true', 'false'] },
  { id: '/ssm/opsinsights/opscenter', values: ['Enabled', 'Disabled'] },
]
