/**
 * Decisions per second of processor time for one user with ten policies of three statements each, in this process: the pure function alone, which every
 * request of a user goes through. The root does not, and what is looked up for a decision is part of the measurement of requests.
 */
import { type ApplicablePolicies, evaluate, type Question } from '@steward/server/iam/policy/evaluate.ts'
import { parsePolicy } from '@steward/server/iam/policy/parse-policy.ts'
import { requestContext } from '@steward/server/iam/policy/request-context.ts'
import { type Measurement, median, number, type Row } from '../report.ts'

const POLICIES = 10
const ROUNDS = 7
const ROUND_MS = 400
const TARGET = 200_000

const ACCOUNT = '123456789012'

export const decisionMeasurement: Measurement = {
  title: 'Decisions per second of processor time, ten policies',
  async run(say) {
    const rows: Row[] = []
    for (const [what, more] of Object.entries(KINDS)) {
      say(what)
      const rates = Array.from({ length: ROUNDS }, () => rate(more))
      const perSecond = median(rates)
      rows.push({
        what,
        steward: `${number(perSecond)} /s`,
        beside: '',
        ratio: '',
        target: `≥ ${number(TARGET)} /s`,
        met: perSecond >= TARGET,
      })
    }
    return rows
  },
}

/** The question of request `i` differs from the one before, as the questions of a server do. */
const KINDS: Record<string, Partial<ApplicablePolicies>> = {
  'identity policies with wildcards, variables and conditions': {},
  'the same under a permissions boundary and a session policy': {
    boundary: [attached(0, [{ Effect: 'Allow', Action: ['ssm:*', 'kms:*'], Resource: '*' }])],
    session: [attached(0, [{ Effect: 'Allow', Action: 'ssm:*', Resource: `arn:aws:ssm:*:${ACCOUNT}:*` }])],
  },
}

const ACTIONS = ['ssm:GetParameter', 'ssm:SendCommand', 'ssm:ListDocuments', 'ssm:PutParameter']

const questions: readonly Question[] = Array.from({ length: 64 }, (_, i) => ({
  asker: { account: ACCOUNT, own: [`arn:aws:iam::${ACCOUNT}:user/ann`], behind: [] },
  action: ACTIONS[i % ACTIONS.length]!,
  resource: `arn:aws:ssm:eu-west-1:${ACCOUNT}:parameter/team-${i % 12}/ann/item-${i}`,
  context: requestContext({
    'aws:username': 'ann',
    'aws:SourceIp': `10.0.0.${i}`,
    'aws:SecureTransport': 'true',
    'aws:CurrentTime': '2026-11-21T12:00:00Z',
    'aws:PrincipalTag/team': `team-${i % 12}`,
    'aws:ResourceTag/env': i % 3 === 0 ? 'dev' : 'prod',
  }),
}))

/** Decisions for each second of processor time, which other work on the machine disturbs less than the clock's. */
function rate(more: Partial<ApplicablePolicies>): number {
  const policies: ApplicablePolicies = { identity, ...more }
  const started = process.cpuUsage()
  let decisions = 0
  let milliseconds = 0
  while (milliseconds < ROUND_MS) {
    for (let i = 0; i < 50; i++) for (const question of questions) evaluate(question, policies)
    decisions += 50 * questions.length
    const { user, system } = process.cpuUsage(started)
    milliseconds = (user + system) / 1000
  }
  return (decisions / milliseconds) * 1000
}

const identity = Array.from({ length: POLICIES }, (_, i) =>
  attached(i, [
    {
      Effect: 'Allow',
      Action: ['ssm:Get*', 'ssm:Describe*', 'ssm:List*'],
      Resource: `arn:aws:ssm:*:*:parameter/team-${i}/\${aws:username}/*`,
    },
    {
      Effect: 'Allow',
      Action: 'ssm:SendCommand',
      Resource: '*',
      Condition: {
        StringEquals: { 'aws:ResourceTag/env': 'dev' },
        IpAddress: { 'aws:SourceIp': ['10.0.0.0/24', '192.168.0.0/16'] },
        DateLessThan: { 'aws:CurrentTime': '2100-01-01T00:00:00Z' },
      },
    },
    {
      Effect: 'Deny',
      NotAction: ['iam:*', 'ssm:*'],
      Resource: '*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ]),
)

function attached(i: number, Statement: object[]) {
  const policy = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement }))
  return { name: `policy-${i}`, source: 'user' as const, policy }
}
