import assert from 'node:assert/strict'
import type {
  CreateEvidenceReportRequest,
  EvidenceReport,
  GetEvidenceReportResult,
  Operations,
} from '@steward/model/generated/steward.ts'
import type { TestServer } from '@steward/testkit'
import { jsonCall, type RawCall } from '#door/testing/raw-call.ts'
import { type ContentRow, rowsOf } from '../content.ts'

type Name = Extract<keyof Operations, `${string}Evidence${string}`>

/** Evidence reports of a server, for tests. */
export class EvidenceClient {
  readonly #server: TestServer

  constructor(server: TestServer) {
    this.#server = server
  }

  ask<N extends Name>(operation: N, input: Operations[N]['input'], more: RawCall = {}) {
    return jsonCall(this.#server, `Steward.${operation}`, input, { service: 'steward', ...more })
  }

  /** Times are seconds. */
  async call<N extends Name>(operation: N, input: Operations[N]['input'], more: RawCall = {}) {
    const answer = await this.ask(operation, input, more)
    assert.equal(answer.status, 200, answer.text)
    return answer.json as unknown as Required<Operations[N]['output']>
  }

  /** The code with which a call is refused. */
  async refusal<N extends Name>(operation: N, input: Operations[N]['input'], more: RawCall = {}) {
    const { status, json } = await this.ask(operation, input, more)
    return status === 200 ? undefined : String(json.__type).replace(/^.*#/, '')
  }

  /** Asks for a report, and waits until it is made. */
  async make(input: Partial<CreateEvidenceReportRequest> = {}): Promise<Required<EvidenceReport>> {
    const { ReportId } = await this.call('CreateEvidenceReport', { Name: 'Quarter', ...input })
    await this.#server.settle()
    return this.report(ReportId)
  }

  async report(ReportId: string) {
    return (await this.get(ReportId)).Report as Required<EvidenceReport>
  }

  get(ReportId: string): Promise<Required<GetEvidenceReportResult>> {
    return this.call('GetEvidenceReport', { ReportId })
  }

  async reports(): Promise<Required<EvidenceReport>[]> {
    return (await this.call('ListEvidenceReports', {})).Reports as Required<EvidenceReport>[]
  }

  /** Of all pieces. */
  async download(ReportId: string, Format: 'CSV' | 'PDF' = 'CSV'): Promise<Buffer> {
    const pieces: Buffer[] = []
    let NextToken: string | undefined
    do {
      const page = await this.call('DownloadEvidenceReport', { ReportId, Format, ...(NextToken && { NextToken }) })
      pieces.push(Buffer.from(page.Content as unknown as string, 'base64'))
      NextToken = page.NextToken
    } while (NextToken)
    return Buffer.concat(pieces)
  }

  /** The lines about one kind of thing. */
  async rows(ReportId: string, kind: ContentRow['Record']): Promise<ContentRow[]> {
    return [...rowsOf((await this.download(ReportId)).toString())].filter(({ Record }) => Record === kind)
  }
}
