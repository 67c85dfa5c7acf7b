import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import type { steward } from '@steward/model'
import type { Api, Wire } from '#api.ts'
import { connection } from '#connection.ts'
import { EXIT, Fault, UsageFault } from '#fault.ts'
import { type Io, writeInTurn } from '#io.ts'
import { pages } from '#pages.ts'
import { apiOf } from '#params/parameters.ts'
import { table } from '#table.ts'

type Report = Wire<steward.EvidenceReport>

interface ScopeOptions {
  readonly type?: readonly string[]
  readonly group?: string
  readonly tag?: readonly string[]
  readonly node?: readonly string[]
}

const LOOK_MS = 500

/** Asks for a report, and waits until it is made. */
export async function evidenceCreate(io: Io, options: ScopeOptions & { readonly name: string }): Promise<void> {
  const api = apiOf(io)
  const { ReportId } = await api.steward('CreateEvidenceReport', { Name: options.name, ...scopeOf(options) })
  let { Report } = await api.steward('GetEvidenceReport', { ReportId })
  while (Report.Status === 'Pending') {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    Report = (await api.steward('GetEvidenceReport', { ReportId })).Report
  }
  if (Report.Status === 'Failed')
    throw new Fault(`The report failed: ${Report.StatusMessage ?? ''}`, { exitCode: EXIT.failed })
  io.stdout.write(`${ReportId}\n`)
  io.stderr.write(`${figures(Report)}; SHA-256 ${Report.Digest}\n`)
}

export async function evidenceList(
  io: Io,
  { signOff, schedule, json }: { signOff?: 'Unsigned' | 'Accepted' | 'Rejected'; schedule?: string; json?: boolean },
): Promise<void> {
  const wanted = { ...(signOff && { SignOff: signOff }), ...(schedule && { ScheduleName: schedule }) }
  const reports = await pages(
    (NextToken) => apiOf(io).steward('ListEvidenceReports', { ...wanted, ...(NextToken && { NextToken }) }),
    ({ Reports }) => Reports,
  )
  if (json) io.stdout.write(`${JSON.stringify(reports, null, 2)}\n`)
  else if (reports.length === 0) io.stderr.write('There is no evidence report.\n')
  else {
    const row = (report: Report) => [
      report.ReportId,
      report.Name,
      time(report.CreatedAt),
      report.Status === 'Complete' ? figures(report) : report.Status,
      report.SignOff,
    ]
    io.stdout.write(table(['REPORT', 'NAME', 'MADE', 'NODES', 'SIGN-OFF'], reports.map(row)))
  }
}

/** With `output` the file, verified; else the facts. */
export async function evidenceGet(
  io: Io,
  ReportId: string,
  { format, output }: { readonly format: 'csv' | 'pdf'; readonly output?: string },
): Promise<void> {
  const api = apiOf(io)
  if (output === undefined) {
    io.stdout.write(`${JSON.stringify(await api.steward('GetEvidenceReport', { ReportId }), null, 2)}\n`)
    return
  }
  const { bytes, digest } = await download(api, ReportId, format)
  if (format === 'csv' && createHash('sha256').update(bytes).digest('hex') !== digest)
    throw new Fault('What came is not what the digest says. Nothing was saved.', { exitCode: EXIT.failed })
  if (output === '-') await writeInTurn(io.stdout, bytes)
  else await writeFile(output, bytes)
  io.stderr.write(`SHA-256 of the CSV file: ${digest}\n`)
}

export async function evidenceSign(
  io: Io,
  ReportId: string,
  options: { accept?: boolean; reject?: boolean; comment?: string; digest?: string },
): Promise<void> {
  const { accept, reject, comment: Comment, digest } = options
  if (!accept && !reject) throw new UsageFault('Say --accept or --reject.')
  const { SignOff, ReportSignOff } = await apiOf(io).steward('SignEvidenceReport', {
    ReportId,
    Statement: accept ? 'Accepted' : 'Rejected',
    ...(Comment !== undefined && { Comment }),
    ...(digest !== undefined && { Digest: digest }),
  })
  io.stdout.write(`${SignOff.Signer} ${SignOff.Statement.toLowerCase()} ${SignOff.Digest}\n`)
  io.stderr.write(`The report is ${ReportSignOff.toLowerCase()}.\n`)
}

export async function evidenceDelete(io: Io, ReportId: string): Promise<void> {
  await apiOf(io).steward('DeleteEvidenceReport', { ReportId })
}

interface ScheduleOptions extends ScopeOptions {
  readonly expression: string
  readonly timezone?: string
  readonly reportName?: string
  readonly bucket?: string
  readonly bucketRegion?: string
  readonly prefix?: string
}

export async function evidenceSchedulePut(io: Io, Name: string, options: ScheduleOptions): Promise<void> {
  const { expression, timezone, reportName, bucket, prefix } = options
  const Region = options.bucketRegion ?? connection(io.env).region
  const { Schedule } = await apiOf(io).steward('PutEvidenceSchedule', {
    Name,
    ScheduleExpression: expression,
    ...(timezone && { ScheduleTimezone: timezone }),
    ...(reportName && { ReportName: reportName }),
    ...(bucket && { Destination: { BucketName: bucket, Region, ...(prefix && { Prefix: prefix }) } }),
    ...scopeOf(options),
  })
  io.stdout.write(`The next report is made at ${time(Schedule.NextRun)}.\n`)
}

export async function evidenceScheduleList(io: Io, { json }: { readonly json?: boolean }): Promise<void> {
  const schedules = await pages(
    (NextToken) => apiOf(io).steward('ListEvidenceSchedules', NextToken ? { NextToken } : {}),
    ({ Schedules }) => Schedules,
  )
  if (json) io.stdout.write(`${JSON.stringify(schedules, null, 2)}\n`)
  else if (schedules.length === 0) io.stderr.write('There is no evidence schedule.\n')
  else {
    const rows = schedules.map((schedule) => [
      schedule.Name,
      `${schedule.ScheduleExpression} ${schedule.ScheduleTimezone}`,
      time(schedule.NextRun),
      schedule.LastReportId ?? '-',
    ])
    io.stdout.write(table(['SCHEDULE', 'WHEN', 'NEXT', 'LAST REPORT'], rows))
  }
}

export async function evidenceScheduleDelete(io: Io, Name: string): Promise<void> {
  await apiOf(io).steward('DeleteEvidenceSchedule', { Name })
}

async function download(api: Api, ReportId: string, format: 'csv' | 'pdf') {
  const Format = format === 'csv' ? 'CSV' : 'PDF'
  let digest = ''
  const pieces = await pages(
    (NextToken) => api.steward('DownloadEvidenceReport', { ReportId, Format, ...(NextToken && { NextToken }) }),
    ({ Content, Digest }) => {
      digest = Digest
      return [Buffer.from(Content, 'base64')]
    },
  )
  return { bytes: Buffer.concat(pieces), digest }
}

function scopeOf({ type, group, tag = [], node }: ScopeOptions) {
  const Targets = [
    ...(group ? [{ Key: 'resource-groups:Name', Values: [group] }] : []),
    ...tag.map((text) => {
      const [, key, value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? []
      if (key === undefined) throw new UsageFault(`A tag is written key=value, not ${text}.`)
      return { Key: `tag:${key}`, Values: [value] }
    }),
    ...(node ? [{ Key: 'InstanceIds', Values: [...node] }] : []),
  ]
  return { ...(type && { ComplianceTypes: [...type] }), ...(Targets.length > 0 && { Targets }) }
}

function figures({ Nodes }: Report): string {
  if (!Nodes) return '-'
  return `${Nodes.Compliant} compliant, ${Nodes.NonCompliant} not, ${Nodes.NeverReported} never reported, of ${Nodes.Total}`
}

function time(seconds: number | undefined): string {
  return seconds === undefined ? '-' : new Date(seconds * 1000).toISOString()
}
