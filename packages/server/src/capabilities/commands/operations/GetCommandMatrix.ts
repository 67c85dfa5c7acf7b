import { noResource } from '#capabilities/ssm.ts'
import type { StepName } from '../command.ts'
import { invalidCommandId } from '../errors.ts'
import { NO_CODE, stepTimes } from '../invocation.ts'
import { countMatching, countsByState, latestOutput, type MatrixCursor, type MatrixRow, matrixRows } from '../matrix.ts'
import { invocationStatus, isFinal } from '../status.ts'
import { lastLine, readDigests, type StepDigest } from '../step-digests.ts'
import { steward } from '../steward.ts'
import { findCommand } from '../store.ts'

const PAGE = 100

/**
 * Our own operation: a command as nodes × steps, with what is seen at a glance of each: state, times, exit code, the last line, and
 * an id that equal results have in common (RC-27). It tells no more than `ListCommandInvocations` and needs the same permission.
 */
export const GetCommandMatrix = steward.read('GetCommandMatrix', {
  access: (_input, call) => ({ action: 'ssm:ListCommandInvocations', resources: noResource(call.scope) }),

  async handle(input, call) {
    const { db, scope } = call
    const command = await findCommand(db, scope, input.CommandId)
    if (!command) throw invalidCommandId(input.CommandId)
    const limit = input.MaxResults ?? PAGE
    const filters = { states: input.Statuses, text: input.Text, resultId: input.ResultId }
    const order = { by: input.SortBy ?? 'Dispatch', descending: input.SortOrder === 'Descending' }
    const part = { cursor: call.cursor<MatrixCursor>(), skip: input.Skip ?? 0, limit: limit + 1 }
    const rows = await matrixRows(db, command.id, filters, order, part)
    const page = rows.slice(0, limit)
    const last = rows.length > limit ? page.at(-1) : undefined
    const steps = JSON.parse(command.steps) as StepName[]
    const running = page.filter(({ status, output_bytes }) => status === 'InProgress' && output_bytes > 0)
    const said = lastWords(
      await latestOutput(
        db,
        command.id,
        running.map(({ node_id }) => node_id),
      ),
    )
    const counts = await countsByState(db, command.id)
    return {
      Steps: steps.map(({ name, plugin }) => ({ Name: name, Plugin: plugin })),
      Counts: counts.map(({ status, details, count }) => ({ Status: status, StatusDetails: details, Count: count })),
      MatchingCount: await countMatching(db, command.id, filters),
      Origin: command.origin,
      Rows: page.map((row) => toRow(row, steps, said)),
      NextToken: call.nextToken(last && { key: last.key, node: last.node_id }),
    }
  },
})

/** The last line of each running step, by node and step. */
function lastWords(pieces: Awaited<ReturnType<typeof latestOutput>>): Map<string, string> {
  const said = new Map<string, string>()
  for (const { node_id, step, tail } of pieces) {
    const key = `${node_id} ${step}`
    // A piece may begin within a character.
    if (!said.get(key))
      said.set(
        key,
        lastLine(
          Buffer.from(tail)
            .toString()
            .replace(/^\uFFFD+/, ''),
        ),
      )
  }
  return said
}

function toRow(row: MatrixRow, steps: readonly StepName[], said: ReadonlyMap<string, string>) {
  const digests = readDigests(row)
  return {
    InstanceId: row.node_id,
    InstanceName: row.node_name,
    Status: row.status,
    StatusDetails: row.status_details,
    ResponseCode: row.response_code,
    StartedAt: row.started_at ? new Date(row.started_at) : undefined,
    EndedAt: row.ended_at ? new Date(row.ended_at) : undefined,
    LateStatus: row.late_status ?? undefined,
    TraceOutput: row.trace_output,
    OutputBytes: row.output_bytes,
    Steps: steps.flatMap(({ name }) => {
      const words = said.get(`${row.node_id} ${name}`)
      const digest = digests[name] ?? (words === undefined ? undefined : RUNNING)
      return digest ? [toStep(name, { ...digest, lastLine: digest.lastLine || (words ?? '') })] : []
    }),
  }
}

/** A step of which there is output but no word from its agent yet. */
const RUNNING: StepDigest = {
  details: 'InProgress',
  code: NO_CODE,
  start: '',
  end: '',
  resultId: '',
  lastLine: '',
  truncated: false,
}

function toStep(name: string, digest: StepDigest) {
  return {
    Name: name,
    Status: invocationStatus(digest.details),
    StatusDetails: digest.details,
    ResponseCode: isFinal(digest.details) ? digest.code : NO_CODE,
    ...stepTimes(digest),
    ResultId: digest.resultId || undefined,
    LastLine: digest.lastLine,
    Truncated: digest.truncated,
  }
}
