import { awsManagedPolicy } from './managed-policy.ts'

export const SERVICE_POLICIES = [
  awsManagedPolicy({
    name: 'AWSCloudTrail_FullAccess',
    description: 'Everything in CloudTrail.',
    statements: [{ Effect: 'Allow', Action: 'cloudtrail:*', Resource: '*' }],
  }),
  awsManagedPolicy({
    name: 'AWSCloudTrail_ReadOnlyAccess',
    description: 'Looking at what CloudTrail records.',
    statements: [
      {
        Effect: 'Allow',
        Action: ['cloudtrail:Get*', 'cloudtrail:Describe*', 'cloudtrail:List*', 'cloudtrail:LookupEvents'],
        Resource: '*',
      },
    ],
  }),
  awsManagedPolicy({
    name: 'AWSKeyManagementServicePowerUser',
    description: 'Making keys and looking at them. Using a key is granted elsewhere.',
    statements: [
      {
        Effect: 'Allow',
        Action: [
          'kms:CreateAlias',
          'kms:CreateKey',
          'kms:DeleteAlias',
          'kms:Describe*',
          'kms:GenerateRandom',
          'kms:Get*',
          'kms:List*',
          'kms:TagResource',
          'kms:UntagResource',
          'iam:ListGroups',
          'iam:ListRoles',
          'iam:ListUsers',
        ],
        Resource: '*',
      },
    ],
  }),
  awsManagedPolicy({
    name: 'AmazonEventBridgeFullAccess',
    description: 'Everything in EventBridge.',
    statements: [
      { Effect: 'Allow', Action: 'events:*', Resource: '*' },
      {
        Effect: 'Allow',
        Action: 'iam:PassRole',
        Resource: 'arn:aws:iam::*:role/*',
        Condition: { StringLike: { 'iam:PassedToService': 'events.amazonaws.com' } },
      },
    ],
  }),
  awsManagedPolicy({
    name: 'AmazonEventBridgeReadOnlyAccess',
    description: 'Looking at everything in EventBridge.',
    statements: [
      { Effect: 'Allow', Action: ['events:Describe*', 'events:List*', 'events:TestEventPattern'], Resource: '*' },
    ],
  }),
  awsManagedPolicy({
    name: 'AmazonSNSFullAccess',
    description: 'Everything in SNS.',
    statements: [{ Effect: 'Allow', Action: 'sns:*', Resource: '*' }],
  }),
  awsManagedPolicy({
    name: 'AmazonSNSReadOnlyAccess',
    description: 'Looking at everything in SNS.',
    statements: [{ Effect: 'Allow', Action: ['sns:Get*', 'sns:List*'], Resource: '*' }],
  }),
  awsManagedPolicy({
    name: 'CloudWatchAgentServerPolicy',
    description: 'What a node needs to send metrics and logs; agents often get it beside AmazonSSMManagedInstanceCore.',
    statements: [
      {
        Effect: 'Allow',
        Action: [
          'cloudwatch:PutMetricData',
          'ec2:DescribeTags',
          'ec2:DescribeVolumes',
          'logs:CreateLogGroup',
          'logs:CreateLogStream',
          'logs:DescribeLogGroups',
          'logs:DescribeLogStreams',
          'logs:PutLogEvents',
          'logs:PutRetentionPolicy',
        ],
        Resource: '*',
      },
      { Effect: 'Allow', Action: 'ssm:GetParameter', Resource: 'arn:aws:ssm:*:*:parameter/AmazonCloudWatch-*' },
    ],
  }),
  awsManagedPolicy({
    name: 'ResourceGroupsandTagEditorFullAccess',
    description: 'Resource groups and the tags of everything. Tagging takes the permission of the service tagged, too.',
    statements: [
      {
        Effect: 'Allow',
        Action: [
          'tag:getResources',
          'tag:getTagKeys',
          'tag:getTagValues',
          'tag:TagResources',
          'tag:UntagResources',
          'resource-groups:*',
        ],
        Resource: '*',
      },
    ],
  }),
  awsManagedPolicy({
    name: 'ResourceGroupsandTagEditorReadOnlyAccess',
    description: 'Looking at resource groups and at the tags of everything.',
    statements: [
      {
        Effect: 'Allow',
        Action: [
          'tag:getResources',
          'tag:getTagKeys',
          'tag:getTagValues',
          'resource-groups:Get*',
          'resource-groups:List*',
          'resource-groups:Search*',
        ],
        Resource: '*',
      },
    ],
  }),
]
