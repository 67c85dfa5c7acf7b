/**
 * What everybody may read and nobody may write, under `/aws/service/` (PS-16): the Regions of the commercial partition, the
 * services that Steward answers for, which it does in each of them, and where, the version of its agent, and a list of what there is. It
 * is in no table; what operators import besides is.
 */

import type { Reader } from '#db/database.ts'
import type { Call } from '#kernel/declare.ts'
import description from '../../../package.json' with { type: 'json' }
import { parentOf, rangeUnder } from './name.ts'
import {
  type ColumnFilter,
  latestOf,
  listParameters,
  type ParameterFilters,
  type PathFilter,
  parentsOf,
} from './store.ts'
import type { ParameterTable } from './tables.ts'

/** Name, name for people, and where it is in ISO 3166-2. */
const REGIONS: readonly (readonly [string, string, string])[] = [
  ['af-south-1', 'Africa (Cape Town)', 'ZA-WC'],
  ['ap-east-1', 'Asia Pacific (Hong Kong)', 'CN-HK'],
  ['ap-east-2', 'Asia Pacific (Taipei)', 'TW-TPE'],
  ['ap-northeast-1', 'Asia Pacific (Tokyo)', 'JP-13'],
  ['ap-northeast-2', 'Asia Pacific (Seoul)', 'KR-28'],
  ['ap-northeast-3', 'Asia Pacific (Osaka)', 'JP-27'],
  ['ap-south-1', 'Asia Pacific (Mumbai)', 'IN-MH'],
  ['ap-south-2', 'Asia Pacific (Hyderabad)', 'IN-TG'],
  ['ap-southeast-1', 'Asia Pacific (Singapore)', 'SG-01'],
  ['ap-southeast-2', 'Asia Pacific (Sydney)', 'AU-NSW'],
  ['ap-southeast-3', 'Asia Pacific (Jakarta)', 'ID-JK'],
  ['ap-southeast-4', 'Asia Pacific (Melbourne)', 'AU-VIC'],
  ['ap-southeast-5', 'Asia Pacific (Malaysia)', 'MY-14'],
  ['ap-southeast-6', 'Asia Pacific (New Zealand)', 'NZ-AUK'],
  ['ap-southeast-7', 'Asia Pacific (Thailand)', 'TH-10'],
  ['ca-central-1', 'Canada (Central)', 'CA-QC'],
  ['ca-west-1', 'Canada West (Calgary)', 'CA-AB'],
  ['eu-central-1', 'Europe (Frankfurt)', 'DE-HE'],
  ['eu-central-2', 'Europe (Zurich)', 'CH-ZH'],
  ['eu-north-1', 'Europe (Stockholm)', 'SE-AB'],
  ['eu-south-1', 'Europe (Milan)', 'IT-MI'],
  ['eu-south-2', 'Europe (Spain)', 'ES-AR'],
  ['eu-west-1', 'Europe (Ireland)', 'IE-D'],
  ['eu-west-2', 'Europe (London)', 'GB-LND'],
  ['eu-west-3', 'Europe (Paris)', 'FR-75C'],
  ['il-central-1', 'Israel (Tel Aviv)', 'IL-TA'],
  ['me-central-1', 'Middle East (UAE)', 'AE-DU'],
  ['me-south-1', 'Middle East (Bahrain)', 'BH-14'],
  ['mx-central-1', 'Mexico (Central)', 'MX-QUE'],
  ['sa-east-1', 'South America (Sao Paulo)', 'BR-SP'],
  ['us-east-1', 'US East (N. Virginia)', 'US-VA'],
  ['us-east-2', 'US East (Ohio)', 'US-OH'],
  ['us-west-1', 'US West (N. California)', 'US-CA'],
  ['us-west-2', 'US West (Oregon)', 'US-OR'],
]

const SERVICES: readonly (readonly [string, string])[] = [
  ['cloudtrail', 'AWS CloudTrail'],
  ['events', 'Amazon EventBridge'],
  ['iam', 'AWS Identity and Access Management (IAM)'],
  ['kms', 'AWS Key Management Service'],
  ['logs', 'Amazon CloudWatch Logs'],
  ['s3', 'Amazon Simple Storage Service (S3)'],
  ['sns', 'Amazon Simple Notification Service (SNS)'],
  ['ssm', 'AWS Systems Manager'],
  ['sts', 'AWS Security Token Service'],
]

const INFRASTRUCTURE = '/aws/service/global-infrastructure'

/** The Region that is asked. */
const CURRENT_REGION = `${INFRASTRUCTURE}/current-region`

/** Has a parameter for each service whose public parameters there are: where these are. */
const LIST = '/aws/service/list'

/** When this data was last changed. */
const MODIFIED_AT = '2026-11-01T00:00:00.000Z'

/** Those that are the same everywhere. */
const FIXED: ReadonlyMap<string, string> = new Map([
  // The form is ours.
  [`${INFRASTRUCTURE}/version`, MODIFIED_AT.slice(0, 10)],
  ...REGIONS.flatMap(([region, longName, place]) => {
    const path = `${INFRASTRUCTURE}/regions/${region}`
    return [
      [path, region],
      [`${path}/domain`, 'amazonaws.com'],
      [`${path}/geolocationCountry`, place.slice(0, 2)],
      [`${path}/geolocationRegion`, place],
      [`${path}/longName`, longName],
      [`${path}/partition`, 'aws'],
      ...SERVICES.map(([service]) => [`${path}/services/${service}`, service]),
    ] as [string, string][]
  }),
  ...SERVICES.flatMap(([service, longName]) => {
    const path = `${INFRASTRUCTURE}/services/${service}`
    return [
      [path, service],
      [`${path}/longName`, longName],
      ...REGIONS.map(([region]) => [`${path}/regions/${region}`, region]),
    ] as [string, string][]
  }),
  ['/aws/service/steward/agent/latest', description.version],
])

const ENDPOINTS: readonly string[] = REGIONS.flatMap(([region]) =>
  SERVICES.map(([service]) => `${INFRASTRUCTURE}/regions/${region}/services/${service}/endpoint`),
)

/** Who asks, as far as it matters for what there is: where it reached this server is where every service is for it, in every Region. */
export type Asker = Pick<Call, 'db' | 'origin'>

/** Whether a key is where only this file says what there is. */
export function isBuiltIn(key: string): boolean {
  return [INFRASTRUCTURE, LIST, '/aws/service/steward'].some((path) => key.startsWith(`${path}/`))
}

/** A public parameter, as if it were in every Region; undefined if there is none of that key. */
export async function publicParameter(asker: Asker, region: string, key: string): Promise<ParameterTable | undefined> {
  const fixed = FIXED.get(key)
  if (fixed !== undefined) return toRow(region, key, fixed)
  if (!isBuiltIn(key)) return latestOf(asker.db, { account: '', region }, key)
  const [row] = await builtIn(asker, region, parentOf(key), (one) => one === key)
  return row
}

/** Public parameters under a path that meet the filters, in order of their keys, after the key `after`. */
export async function publicParametersUnder(
  asker: Asker,
  region: string,
  under: PathFilter,
  filters: ParameterFilters,
  after: string | undefined,
  limit: number,
): Promise<ParameterTable[]> {
  const imported = await listParameters(asker.db, { account: '', region }, { ...filters, paths: [under] }, after, limit)
  const here = (await builtInUnder(asker, region, under, after)).filter((row) => meetsFilters(row, filters))
  return [...here, ...imported].sort((a, b) => (a.key < b.key ? -1 : 1)).slice(0, limit)
}

/** Those that this file says, in no particular order. */
export function builtInUnder(
  asker: Asker,
  region: string,
  { path, recursive }: PathFilter,
  after?: string,
): Promise<ParameterTable[]> {
  const range = rangeUnder(path)
  const isHere = (key: string) => key > (after ?? range.after) && key < range.before
  return builtIn(asker, region, path, (key) => isHere(key) && (recursive || parentOf(key) === path))
}

/** Those under a path whose keys are wanted. */
async function builtIn(
  { db, origin }: Asker,
  region: string,
  path: string,
  wanted: (key: string) => boolean,
): Promise<ParameterTable[]> {
  // Only who asks for the list has to wait for it.
  const services = `${LIST}/`.startsWith(`${path}/`) ? await servicesOf(db, region) : []
  const listed = services.map((service) => [`${LIST}/${service}`, `/aws/service/${service}/`] as const)
  // Without a scheme, as AWS has them. What the server does by itself comes from nowhere.
  const endpoints = origin === '' ? [] : ENDPOINTS.map((key) => [key, new URL(origin).host] as const)
  const all = [...FIXED, ...endpoints, [CURRENT_REGION, region] as const, ...listed]
  return all.filter(([key]) => wanted(key)).map(([key, value]) => toRow(region, key, value))
}

/** Who has public parameters: the folders right below `/aws/service`. */
async function servicesOf(reader: Reader, region: string): Promise<string[]> {
  const paths = [...FIXED.keys(), ...(await parentsOf(reader, { account: '', region })).map((parent) => `${parent}/`)]
  return [...new Set(paths.flatMap((path) => /^\/aws\/service\/([^/]+)\//.exec(path)?.[1] ?? []))]
}

/** Whether one of those that this file says meets the filters other than that of its path. It has neither tags nor labels. */
export function meetsFilters(row: ParameterTable, { columns, tags, label }: ParameterFilters): boolean {
  return tags.length === 0 && label === undefined && columns.every((filter) => meets(row, filter))
}

function meets(row: ParameterTable, { column, how, values }: ColumnFilter): boolean {
  const text = row[column] ?? ''
  return values.some((value) => {
    if (how === 'equals') return text === value
    return how === 'begins' ? text.startsWith(value) : text.includes(value)
  })
}

function toRow(region: string, key: string, value: string): ParameterTable {
  return {
    account: '',
    region,
    key,
    name: key,
    parent: parentOf(key),
    version: 1,
    type: 'String',
    value,
    key_id: null,
    description: null,
    allowed_pattern: null,
    tier: 'Standard',
    data_type: 'text',
    policies: null,
    modified_at: MODIFIED_AT,
    modified_by: '',
    labels: null,
    policy_due: null,
  }
}
