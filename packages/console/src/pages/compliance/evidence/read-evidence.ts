import type { steward as model } from '@steward/model'
import { allPages, useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import type { Wire } from '#api/wire.ts'

export type Report = Wire<model.EvidenceReport>
export type Schedule = Wire<model.EvidenceSchedule>
export type SignOff = Wire<model.EvidenceSignOff>

export function useReports() {
  return useRead('evidence', ['reports'], (signal) =>
    allPages<Report>(async (NextToken) => {
      const page = await steward('ListEvidenceReports', NextToken ? { NextToken } : {}, signal)
      return { items: page.Reports, next: page.NextToken }
    }),
  )
}

export function useReport(ReportId: string) {
  return useRead('evidence', ['report', ReportId], (signal) => steward('GetEvidenceReport', { ReportId }, signal))
}

export function useSchedules() {
  return useRead('evidence', ['schedules'], (signal) =>
    allPages<Schedule>(async (NextToken) => {
      const page = await steward('ListEvidenceSchedules', NextToken ? { NextToken } : {}, signal)
      return { items: page.Schedules, next: page.NextToken }
    }),
  )
}

/** The whole file. */
export async function download(ReportId: string, Format: 'CSV' | 'PDF') {
  const pieces: Uint8Array<ArrayBuffer>[] = []
  let name = ''
  let type = ''
  let NextToken: string | undefined
  do {
    const page = await steward('DownloadEvidenceReport', { ReportId, Format, ...(NextToken && { NextToken }) })
    pieces.push(Uint8Array.from(atob(page.Content), (character) => character.charCodeAt(0)))
    name = page.FileName
    type = page.ContentType
    NextToken = page.NextToken
  } while (NextToken)
  return { name, type, pieces }
}
