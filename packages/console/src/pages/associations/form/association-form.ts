/** What the form holds, where it comes from, and the request that it stands for. */
import type {
  AssociationComplianceSeverity,
  AssociationDescription,
  CreateAssociationRequest,
  UpdateAssociationRequest,
} from '@aws-sdk/client-ssm'
import { shellWords } from '#components/shell-words.ts'
import { associations } from '#texts/associations.ts'
import type { Declaration } from '../../commands/run/parameter-rules.ts'
import {
  formFromCommand,
  formFromSearch,
  type RunForm,
  faultsOf as runFaultsOf,
  requestOf as runRequestOf,
  targetsOf as runTargetsOf,
} from '../../commands/run/run-form.ts'

export const UNITS = ['minutes', 'hours', 'days'] as const
const UNIT_MINUTES = { minutes: 1, hours: 60, days: 24 * 60 }

export type ScheduleKind = 'rate' | 'cron' | 'none'

export interface ScheduleForm {
  readonly schedule: ScheduleKind
  readonly every: string
  readonly unit: (typeof UNITS)[number]
  /** Without the word and its brackets. */
  readonly cron: string
  readonly onlyAtInterval: boolean
  /** Days; empty: none. */
  readonly offset: string
}

export interface AssociationForm extends ScheduleForm {
  readonly name: string
  /** The document, its parameters, the targets, how many at a time and where output goes: as of a command. */
  readonly run: RunForm
  readonly severity: AssociationComplianceSeverity
  readonly manual: boolean
}

const ALL = { value: '100', unit: 'percent' } as const

/** A new one, of the document and the targets that an address may name. */
export function newForm(search: URLSearchParams): AssociationForm {
  return {
    name: '',
    // One node that cannot be brought into the state must not keep the others from it.
    run: { ...formFromSearch(search), errors: ALL },
    schedule: 'rate',
    every: '30',
    unit: 'minutes',
    cron: '0 2 * * ? *',
    onlyAtInterval: false,
    offset: '',
    severity: 'UNSPECIFIED',
    manual: false,
  }
}

/** As an association is now. */
export function formOf(association: AssociationDescription): AssociationForm {
  const { InstanceId, Targets = [], OutputLocation } = association
  const begin = newForm(new URLSearchParams())
  const every = Targets.some(({ Key, Values = [] }) => Key === 'InstanceIds' && Values.includes('*'))
  const run = formFromCommand({
    DocumentName: association.Name,
    DocumentVersion: association.DocumentVersion,
    Parameters: association.Parameters,
    ...(InstanceId ? { InstanceIds: [InstanceId] } : { Targets }),
    MaxConcurrency: association.MaxConcurrency,
    MaxErrors: association.MaxErrors,
    OutputS3BucketName: OutputLocation?.S3Location?.OutputS3BucketName,
    OutputS3KeyPrefix: OutputLocation?.S3Location?.OutputS3KeyPrefix,
  })
  return {
    ...begin,
    name: association.AssociationName ?? '',
    run: {
      ...run,
      ...(every && { kind: 'every', nodes: [] }),
      concurrency: association.MaxConcurrency ? run.concurrency : begin.run.concurrency,
      errors: association.MaxErrors ? run.errors : ALL,
    },
    ...scheduleFrom(association.ScheduleExpression),
    onlyAtInterval: association.ApplyOnlyAtCronInterval ?? false,
    offset: association.ScheduleOffset ? String(association.ScheduleOffset) : '',
    severity: association.ComplianceSeverity ?? 'UNSPECIFIED',
    manual: association.SyncCompliance === 'MANUAL',
  }
}

function scheduleFrom(expression = ''): Partial<AssociationForm> {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression)
  if (rate) return { schedule: 'rate', every: rate[1]!, unit: `${rate[2]}s` as AssociationForm['unit'] }
  const cron = /^cron\((.*)\)$/.exec(expression)
  return cron ? { schedule: 'cron', cron: cron[1]! } : { schedule: 'none' }
}

/** As AWS writes it; undefined: once. */
export function expressionOf({ schedule, every, unit, cron }: ScheduleForm): string | undefined {
  if (schedule === 'none') return undefined
  if (schedule === 'cron') return `cron(${cron.trim()})`
  return `rate(${every.trim()} ${every.trim() === '1' ? unit.slice(0, -1) : unit})`
}

/** Every node is a target of its own here, which commands do not have. */
export function targetsOf({ run }: AssociationForm): { readonly Targets: CreateAssociationRequest['Targets'] } {
  if (run.kind === 'every') return { Targets: [{ Key: 'InstanceIds', Values: ['*'] }] }
  const { InstanceIds, Targets } = runTargetsOf(run)
  return { Targets: Targets ?? [{ Key: 'InstanceIds', Values: InstanceIds ?? [] }] }
}

export function requestOf(form: AssociationForm, declarations: readonly Declaration[]): CreateAssociationRequest {
  const { Parameters, DocumentVersion, MaxConcurrency, MaxErrors, ...run } = runRequestOf(form.run, declarations)
  const isCron = form.schedule === 'cron'
  return {
    Name: form.run.document,
    ...(DocumentVersion && { DocumentVersion }),
    ...(form.name && { AssociationName: form.name }),
    ...targetsOf(form),
    ...(Parameters && { Parameters }),
    ...(expressionOf(form) && { ScheduleExpression: expressionOf(form) }),
    ...(isCron && form.onlyAtInterval && { ApplyOnlyAtCronInterval: true }),
    ...(isCron && form.onlyAtInterval && form.offset && { ScheduleOffset: Number(form.offset) }),
    MaxConcurrency,
    MaxErrors,
    ComplianceSeverity: form.severity,
    ...(form.manual && { SyncCompliance: 'MANUAL' as const }),
    ...(run.OutputS3BucketName && {
      OutputLocation: {
        S3Location: { OutputS3BucketName: run.OutputS3BucketName, OutputS3KeyPrefix: run.OutputS3KeyPrefix },
      },
    }),
  }
}

/** What changes an association into what the form says: an update replaces everything. */
export function updateOf(id: string, request: CreateAssociationRequest): UpdateAssociationRequest {
  const { InstanceId: _, Tags: __, ...rest } = request
  return { AssociationId: id, ...rest }
}

const { faults: words } = associations.form

/** What is wrong with the form, by field; those of the command's part by its names. */
export function faultsOf(
  form: AssociationForm,
  declarations: readonly Declaration[],
): Readonly<Record<string, string>> {
  const { targets, ...run } = runFaultsOf(form.run, declarations)
  return {
    ...run,
    ...(targets && form.run.kind !== 'every' && { targets }),
    ...(form.name && !/^[\w.-]{3,128}$/.test(form.name) && { name: associations.form.nameBad }),
    ...(form.schedule === 'rate' && !isRate(form) && { rate: words.rate }),
  }
}

function isRate({ every, unit }: AssociationForm): boolean {
  const minutes = Number(every) * UNIT_MINUTES[unit]
  return /^\d{1,6}$/.test(every.trim()) && minutes >= 30 && minutes < 31 * 24 * 60
}

/** The same with the AWS CLI. */
export function commandText(verb: 'create-association' | 'update-association', request: object): string {
  const options = Object.entries(request).flatMap(([name, value]) => {
    const option = `--${name.replace(/(?<=[a-z0-9])[A-Z]|(?<=S)3(?=[A-Z])/g, (letter) => `-${letter}`).toLowerCase()}`
    if (value === true) return [option]
    return [shellWords(option, typeof value === 'object' ? JSON.stringify(value) : String(value))]
  })
  return [`aws ssm ${verb}`, ...options].join(' \\\n  ')
}
