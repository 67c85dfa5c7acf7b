/**
 * Who read a parameter, as the audit trail knows: by its name, by a path above it, or by handing `{{ssm:…}}` to a command or a
 * session.
 */
import { steward } from '#api/steward.ts'

export interface Reader {
  readonly arn: string
  readonly name: string
  readonly reads: number
  readonly last: Date
  readonly how: readonly string[]
  readonly from: readonly string[]
  /** The newest of them on the trail. */
  readonly eventId: string
}

export interface Readers {
  readonly readers: readonly Reader[]
  /** There were more reads than are counted here. */
  readonly isCut: boolean
}

const BY_NAME = ['GetParameter', 'GetParameters', 'GetParameterHistory', 'SendCommand', 'StartSession']
const BY_PATH = ['GetParametersByPath']
const AT_ONCE = 200
const MOST = 2_000

type Found = NonNullable<Awaited<ReturnType<typeof page>>['Records']>[number]

/** Everybody who was given the value since then, whoever was last first. */
export async function readersOf(arn: string, isSecret: boolean, since: Date, signal: AbortSignal): Promise<Readers> {
  const paths = pathsAbove(arn)
  const own = await reads(arn, BY_NAME, since, signal)
  const above = await Promise.all(
    paths.map(async (path, index) => {
      const { found, isCut } = await reads(path, BY_PATH, since, signal)
      return { found: found.filter((record) => index === 0 || asked(record, 'recursive')), isCut }
    }),
  )
  const all = [own, ...above]
  // Without decryption one is given the ciphertext.
  const found = all.flatMap(({ found }) => found).filter((record) => !isSecret || asked(record, 'withDecryption'))
  return { readers: grouped(found), isCut: all.some(({ isCut }) => isCut) }
}

/** `…:parameter/a` and `…:parameter/` for `…:parameter/a/b`, the nearest first. */
function pathsAbove(arn: string): string[] {
  const [, prefix = '', name = ''] = /^(.*?:parameter\/)(.*)$/.exec(arn) ?? []
  const parts = name.split('/').slice(0, -1)
  return [...parts.map((_, index) => prefix + parts.slice(0, parts.length - index).join('/')), prefix]
}

async function reads(resource: string, actions: readonly string[], since: Date, signal: AbortSignal) {
  const found: Found[] = []
  let token: string | undefined
  do {
    const { Records = [], NextToken } = await page(resource, actions, since, token, signal)
    found.push(...Records)
    token = NextToken
  } while (token && found.length < MOST)
  return { found, isCut: token !== undefined }
}

function page(
  Resource: string,
  Actions: readonly string[],
  since: Date,
  NextToken: string | undefined,
  signal: AbortSignal,
) {
  const StartTime = since.getTime() / 1000
  const input = { Resource, Actions: [...Actions], Outcomes: ['Succeeded' as const], StartTime, MaxResults: AT_ONCE }
  return steward('SearchAuditRecords', { ...input, ...(NextToken && { NextToken }) }, signal)
}

function asked({ Record: text = '{}' }: Found, flag: 'recursive' | 'withDecryption'): boolean {
  const { requestParameters } = JSON.parse(text) as { requestParameters?: Record<string, unknown> | null }
  return requestParameters?.[flag] === true
}

function grouped(found: readonly Found[]): Reader[] {
  const byReader = Map.groupBy(found, ({ Principal }) => Principal?.Arn ?? Principal?.Name ?? '')
  const readers = [...byReader].map(([arn, own]): Reader => {
    const newest = own.reduce((one, other) => ((other.EventTime ?? 0) > (one.EventTime ?? 0) ? other : one))
    return {
      arn,
      name: newest.Principal?.Name ?? arn,
      reads: own.length,
      last: new Date((newest.EventTime ?? 0) * 1000),
      how: distinct(own.map(({ EventName = '' }) => EventName)),
      from: distinct(own.map(({ SourceIpAddress = '' }) => SourceIpAddress)),
      eventId: newest.EventId ?? '',
    }
  })
  return readers.sort((one, other) => other.last.getTime() - one.last.getTime())
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)].filter(Boolean).sort()
}
