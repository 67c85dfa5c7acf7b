/** A service to generate: its botocore model, unless an addition is the whole service, then what we add to it. */
export interface ServiceSource {
  name: string
  /** False when no public model exists and the additions say everything. */
  published: boolean
  /** Files of `additions/`, without `.json`, merged in this order. */
  additions: readonly string[]
}

/** Every service we know. A published service without additions needs one line here. */
export const SERVICES: readonly ServiceSource[] = [
  { name: 'cloudtrail', published: true, additions: [] },
  { name: 'ec2messages', published: false, additions: ['ec2messages'] },
  { name: 'events', published: true, additions: [] },
  { name: 'iam', published: true, additions: ['iam-answers'] },
  { name: 'kms', published: true, additions: [] },
  { name: 'logs', published: true, additions: ['logs-pages'] },
  { name: 'resource-groups', published: true, additions: ['resource-groups-inventory'] },
  { name: 'resourcegroupstaggingapi', published: true, additions: [] },
  { name: 'sns', published: true, additions: ['sns-answers'] },
  { name: 'ssm', published: true, additions: ['ssm-agent', 'ssm-newer'] },
  {
    name: 'steward',
    published: false,
    additions: [
      'steward',
      'steward-associations',
      'steward-audit',
      'steward-commands',
      'steward-compliance',
      'steward-documents',
      'steward-enrolment',
      'steward-events',
      'steward-evidence',
      'steward-fleet',
      'steward-inventory',
      'steward-groups',
      'steward-parameters',
      'steward-recordings',
      'steward-sessions',
      'steward-sign-in',
      'steward-status',
      'steward-streams',
    ],
  },
  { name: 'sts', published: true, additions: [] },
]
