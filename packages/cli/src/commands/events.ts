import type { steward } from '@steward/model'
import { Api, type Wire } from '#api.ts'
import { connection } from '#connection.ts'
import type { Io } from '#io.ts'
import { pages } from '#pages.ts'
import { table } from '#table.ts'

/** The API's own limit for one request. */
const IDS_AT_ONCE = 100

/** Lists the last events that a rule matched, with what became of each delivery. */
export async function listMatches(
  io: Io,
  rule: string,
  { bus, json = false }: { bus?: string; json?: boolean },
): Promise<void> {
  const api = new Api(connection(io.env))
  const { Matches = [] } = await api.steward('ListRuleMatches', { Rule: rule, EventBusName: bus })
  if (json) return void io.stdout.write(`${JSON.stringify({ Matches }, null, 2)}\n`)
  if (Matches.length === 0) return void io.stdout.write(`The rule ${rule} has matched nothing yet.\n`)
  const rows = Matches.flatMap(({ MatchedDate, Event = '{}', Deliveries = [] }) => {
    const what = String((JSON.parse(Event) as Record<string, unknown>)['detail-type'])
    const shown = Deliveries.map(({ TargetId, State, Attempts, Error: error }) => [
      TargetId ?? '',
      State ?? '',
      String(Attempts ?? 0),
      error ?? '',
    ])
    return (shown.length > 0 ? shown : [['', 'no target', '', '']]).map((cells) => [time(MatchedDate), what, ...cells])
  })
  io.stdout.write(table(['MATCHED', 'EVENT', 'TARGET', 'DELIVERY', 'ATTEMPTS', 'ERROR'], rows))
}

/** Lists deliveries that were given up, the newest first. */
export async function listDeadLetters(io: Io, options: DeadLetterOptions & { json?: boolean }): Promise<void> {
  const letters = await deadLetters(new Api(connection(io.env)), options)
  if (options.json) return void io.stdout.write(`${JSON.stringify({ DeadLetters: letters }, null, 2)}\n`)
  if (letters.length === 0) return void io.stdout.write('Everything could be delivered.\n')
  const rows = letters.map(({ DeadLetterId, DiedDate, TargetArn, Attempts, ErrorMessage }) => [
    DeadLetterId ?? '',
    time(DiedDate),
    TargetArn ?? '',
    String(Attempts ?? 0),
    ErrorMessage ?? '',
  ])
  io.stdout.write(table(['DEAD LETTER', 'GIVEN UP', 'TARGET', 'ATTEMPTS', 'ERROR'], rows))
}

/** Tries deliveries again that were given up: these, or all that the options choose. */
export async function redrive(io: Io, ids: readonly string[], options: DeadLetterOptions): Promise<void> {
  const api = new Api(connection(io.env))
  const chosen =
    ids.length > 0 ? ids : (await deadLetters(api, options)).map(({ DeadLetterId }) => DeadLetterId ?? '').reverse()
  let redriven = 0
  for (let at = 0; at < chosen.length; at += IDS_AT_ONCE) {
    const answer = await api.steward('RedriveDeadLetters', { DeadLetterIds: chosen.slice(at, at + IDS_AT_ONCE) })
    redriven += answer.Redriven ?? 0
  }
  io.stdout.write(`${redriven} ${redriven === 1 ? 'delivery is' : 'deliveries are'} tried again.\n`)
}

export interface DeadLetterOptions {
  readonly source?: string
  readonly target?: string
}

type DeadLetter = Wire<steward.DeadLetter>

function deadLetters(api: Api, { source, target }: DeadLetterOptions): Promise<DeadLetter[]> {
  return pages(
    (NextToken) => api.steward('ListDeadLetters', { SourceArn: source, TargetArn: target, NextToken }),
    ({ DeadLetters }) => DeadLetters,
  )
}

function time(seconds: number | undefined): string {
  return new Date((seconds ?? 0) * 1000).toISOString().slice(0, 19).replace('T', ' ')
}
