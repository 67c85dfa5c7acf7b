/** The settings there are, what they may be, and what they are until somebody changes them. */
import type { ServiceSetting } from '@steward/model/generated/ssm.ts'
import type { Access } from '#kernel/declare.ts'
import { arn, type Scope } from '#kernel/scope.ts'
import { badSettingValue, settingNotFound } from './errors.ts'
import type { SettingTable } from './tables.ts'

interface Definition {
  readonly standard: string
  /** The values it may have, or what they look like; undefined for any text. */
  readonly values?: readonly string[] | RegExp
}

const ON_OFF = ['true', 'false']
const SHARING = ['Enable', 'Disable']

const DEFAULT_ROLE = '/ssm/managed-instance/default-ec2-instance-management-role'
const NO_ROLE = '$None'

const SETTINGS: Readonly<Record<string, Definition>> = {
  '/ssm/appmanager/appmanager-enabled': { standard: 'false', values: ['True', 'true', 'False', 'false'] },
  '/ssm/automation/customer-script-log-destination': { standard: 'None', values: ['CloudWatch', 'None'] },
  '/ssm/automation/customer-script-log-group-name': { standard: '/aws/ssm/automation/scripts' },
  '/ssm/automation/enable-adaptive-concurrency': { standard: 'false', values: ['True', 'true', 'False', 'false'] },
  '/ssm/documents/console/public-sharing-permission': { standard: 'Enable', values: SHARING },
  '/ssm/managed-instance/activation-tier': { standard: 'standard', values: ['standard', 'advanced'] },
  [DEFAULT_ROLE]: {
    standard: NO_ROLE,
    values: /^(?:\$None|(?:[\w+=,.@-]+\/)*[\w+=,.@-]{1,64})$/,
  },
  '/ssm/opsinsights/opscenter': { standard: 'Disabled', values: ['Enabled', 'Disabled'] },
  '/ssm/parameter-store/default-parameter-tier': {
    standard: 'Standard',
    values: ['Standard', 'Advanced', 'Intelligent-Tiering'],
  },
  '/ssm/parameter-store/high-throughput-enabled': { standard: 'false', values: ON_OFF },
}

/** What AWS shows of a default: a day long ago, and that «System» set it. Ours is when these became what they are. */
const DEFAULTS_SINCE = '2026-11-01T00:00:00.000Z'

/** The id that a caller means, who may also say its ARN. Throws `ServiceSettingNotFound`. */
export function settingId(scope: Scope, text: string): string {
  const id = plainId(scope, text)
  if (!Object.hasOwn(SETTINGS, id)) throw settingNotFound(text)
  return id
}

/** The ARN of what a caller's words name, whether or not there is such a setting. */
export function namedArn(scope: Scope, text: string): string {
  return settingArn(scope, plainId(scope, text))
}

function plainId(scope: Scope, text: string): string {
  const prefix = settingArn(scope, '/')
  return text.startsWith(prefix) ? text.slice(prefix.length - 1) : text
}

function settingArn(scope: Scope, id: string): string {
  return arn(scope, 'ssm', `servicesetting${id}`)
}

export function defaultValue(id: string): string {
  return SETTINGS[id]!.standard
}

/** Throws `ValidationException` for a value that the setting cannot have. */
export function checkSettingValue(id: string, value: string): void {
  const { values } = SETTINGS[id]!
  const isFine = values === undefined || (values instanceof RegExp ? values.test(value) : values.includes(value))
  if (!isFine) throw badSettingValue(id, value)
}

/** Who names a role for machines must be allowed to hand it over. */
export function rolePassed(scope: Scope, text: string, value: string): Access[] {
  if (plainId(scope, text) !== DEFAULT_ROLE || value === NO_ROLE) return []
  const resources = [`arn:aws:iam::${scope.account}:role/${value}`]
  return [{ action: 'iam:PassRole', resources, context: { 'iam:PassedToService': 'ssm.amazonaws.com' } }]
}

/** As answers show it; `row` is undefined while nobody changed it. */
export function toServiceSetting(scope: Scope, id: string, row: SettingTable | undefined): ServiceSetting {
  return {
    SettingId: id,
    SettingValue: row?.value ?? defaultValue(id),
    LastModifiedDate: new Date(row?.modified_at ?? DEFAULTS_SINCE),
    LastModifiedUser: row?.modified_by ?? 'System',
    ARN: settingArn(scope, id),
    Status: row ? 'Customized' : 'Default',
  }
}
