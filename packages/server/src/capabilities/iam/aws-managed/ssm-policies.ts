import { awsManagedPolicy, type WrittenStatement } from './managed-policy.ts'

/** What an agent needs to be told of work and to report on it. */
const AGENT_CHANNELS: readonly WrittenStatement[] = [
  {
    Effect: 'Allow',
    Action: [
      'ssmmessages:CreateControlChannel',
      'ssmmessages:CreateDataChannel',
      'ssmmessages:OpenControlChannel',
      'ssmmessages:OpenDataChannel',
    ],
    Resource: '*',
  },
  {
    Effect: 'Allow',
    Action: [
      'ec2messages:AcknowledgeMessage',
      'ec2messages:DeleteMessage',
      'ec2messages:FailMessage',
      'ec2messages:GetEndpoint',
      'ec2messages:GetMessages',
      'ec2messages:SendReply',
    ],
    Resource: '*',
  },
]

const AGENT_ACTIONS = [
  'ssm:DescribeAssociation',
  'ssm:GetDeployablePatchSnapshotForInstance',
  'ssm:GetDocument',
  'ssm:DescribeDocument',
  'ssm:GetManifest',
  'ssm:ListAssociations',
  'ssm:ListInstanceAssociations',
  'ssm:PutInventory',
  'ssm:PutComplianceItems',
  'ssm:PutConfigurePackageResult',
  'ssm:UpdateAssociationStatus',
  'ssm:UpdateInstanceAssociationStatus',
  'ssm:UpdateInstanceInformation',
]

const SERVICE_LINKED_ROLE = 'arn:aws:iam::*:role/aws-service-role/ssm.amazonaws.com/AWSServiceRoleForAmazonSSM*'

export const SSM_POLICIES = [
  awsManagedPolicy({
    name: 'AmazonSSMManagedInstanceCore',
    description: 'What a managed node needs for the core of Systems Manager.',
    statements: [
      { Effect: 'Allow', Action: [...AGENT_ACTIONS, 'ssm:GetParameter', 'ssm:GetParameters'], Resource: '*' },
      ...AGENT_CHANNELS,
    ],
  }),
  awsManagedPolicy({
    name: 'AmazonSSMManagedEC2InstanceDefaultPolicy',
    description: 'What a node needs that is managed by default; it cannot read parameters.',
    statements: [{ Effect: 'Allow', Action: AGENT_ACTIONS, Resource: '*' }, ...AGENT_CHANNELS],
  }),
  awsManagedPolicy({
    name: 'AmazonSSMFullAccess',
    description: 'Everything in Systems Manager, and what it needs of other services.',
    statements: [
      {
        Effect: 'Allow',
        Action: [
          'cloudwatch:PutMetricData',
          'ds:CreateComputer',
          'ds:DescribeDirectories',
          'ec2:DescribeInstanceStatus',
          'logs:*',
          'ssm:*',
          'ec2messages:*',
        ],
        Resource: '*',
      },
      {
        Effect: 'Allow',
        Action: 'iam:CreateServiceLinkedRole',
        Resource: SERVICE_LINKED_ROLE,
        Condition: { StringLike: { 'iam:AWSServiceName': 'ssm.amazonaws.com' } },
      },
      {
        Effect: 'Allow',
        Action: ['iam:DeleteServiceLinkedRole', 'iam:GetServiceLinkedRoleDeletionStatus'],
        Resource: SERVICE_LINKED_ROLE,
      },
      {
        Effect: 'Allow',
        Action: [
          'ssmmessages:CreateControlChannel',
          'ssmmessages:CreateDataChannel',
          'ssmmessages:OpenControlChannel',
          'ssmmessages:OpenDataChannel',
        ],
        Resource: '*',
      },
    ],
  }),
  awsManagedPolicy({
    name: 'AmazonSSMReadOnlyAccess',
    description: 'Looking at everything in Systems Manager, changing nothing.',
    statements: [{ Effect: 'Allow', Action: ['ssm:Describe*', 'ssm:Get*', 'ssm:List*'], Resource: '*' }],
  }),
  awsManagedPolicy({
    name: 'AmazonSSMPatchAssociation',
    description: 'What a node needs to find the patch baseline that applies to it.',
    statements: [
      {
        Effect: 'Allow',
        Action: ['ssm:DescribeEffectivePatchesForPatchBaseline', 'ssm:GetPatchBaseline'],
        Resource: 'arn:aws:ssm:*:*:patchbaseline/*',
      },
      { Effect: 'Allow', Action: ['tag:GetResources', 'ssm:DescribePatchBaselines'], Resource: '*' },
    ],
  }),
  awsManagedPolicy({
    name: 'AmazonSSMDirectoryServiceAccess',
    description: 'What a node needs to join a directory.',
    statements: [{ Effect: 'Allow', Action: ['ds:CreateComputer', 'ds:DescribeDirectories'], Resource: '*' }],
  }),
  awsManagedPolicy({
    name: 'AmazonSSMAutomationApproverAccess',
    description: 'Looking at automations and answering their requests for approval.',
    statements: [
      {
        Effect: 'Allow',
        Action: ['ssm:DescribeAutomationExecutions', 'ssm:GetAutomationExecution', 'ssm:SendAutomationSignal'],
        Resource: '*',
      },
    ],
  }),
  awsManagedPolicy({
    name: 'AmazonSSMAutomationRole',
    path: '/service-role/',
    description: 'What automations need to run the runbooks of Systems Manager.',
    statements: [
      { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: 'arn:aws:lambda:*:*:function:Automation*' },
      {
        Effect: 'Allow',
        Action: [
          'ec2:CopyImage',
          'ec2:CreateImage',
          'ec2:CreateTags',
          'ec2:DeleteTags',
          'ec2:DeregisterImage',
          'ec2:DescribeImages',
          'ec2:DescribeInstances',
          'ec2:DescribeInstanceStatus',
          'ec2:DescribeTags',
          'ec2:RunInstances',
          'ec2:StartInstances',
          'ec2:StopInstances',
          'ec2:TerminateInstances',
          'cloudformation:CreateStack',
          'cloudformation:DeleteStack',
          'cloudformation:DescribeStackEvents',
          'cloudformation:DescribeStacks',
          'cloudformation:UpdateStack',
        ],
        Resource: '*',
      },
      { Effect: 'Allow', Action: 'ssm:*', Resource: '*' },
      { Effect: 'Allow', Action: 'sns:Publish', Resource: 'arn:aws:sns:*:*:Automation*' },
    ],
  }),
  awsManagedPolicy({
    name: 'AmazonSSMMaintenanceWindowRole',
    path: '/service-role/',
    description: 'What maintenance windows need to run their tasks.',
    statements: [
      {
        Effect: 'Allow',
        Action: [
          'ssm:GetAutomationExecution',
          'ssm:GetParameters',
          'ssm:ListCommands',
          'ssm:SendCommand',
          'ssm:StartAutomationExecution',
        ],
        Resource: '*',
      },
      {
        Effect: 'Allow',
        Action: 'lambda:InvokeFunction',
        Resource: ['arn:aws:lambda:*:*:function:SSM*', 'arn:aws:lambda:*:*:function:*:SSM*'],
      },
      {
        Effect: 'Allow',
        Action: ['states:DescribeExecution', 'states:StartExecution'],
        Resource: ['arn:aws:states:*:*:stateMachine:SSM*', 'arn:aws:states:*:*:execution:SSM*'],
      },
      {
        Effect: 'Allow',
        Action: ['resource-groups:ListGroups', 'resource-groups:ListGroupResources', 'tag:GetResources'],
        Resource: '*',
      },
      {
        Effect: 'Allow',
        Action: 'iam:PassRole',
        Resource: '*',
        Condition: { StringEquals: { 'iam:PassedToService': 'ssm.amazonaws.com' } },
      },
    ],
  }),
  awsManagedPolicy({
    name: 'AmazonEC2RoleforSSM',
    path: '/service-role/',
    description: 'The older role of a managed node; AmazonSSMManagedInstanceCore grants less and is preferred.',
    statements: [
      { Effect: 'Allow', Action: [...AGENT_ACTIONS, 'ssm:GetParameter', 'ssm:GetParameters'], Resource: '*' },
      ...AGENT_CHANNELS,
      {
        Effect: 'Allow',
        Action: [
          'cloudwatch:PutMetricData',
          'ec2:DescribeInstanceStatus',
          'ds:CreateComputer',
          'ds:DescribeDirectories',
          'logs:CreateLogGroup',
          'logs:CreateLogStream',
          'logs:DescribeLogGroups',
          'logs:DescribeLogStreams',
          'logs:PutLogEvents',
          's3:GetBucketLocation',
          's3:PutObject',
          's3:GetObject',
          's3:GetEncryptionConfiguration',
          's3:AbortMultipartUpload',
          's3:ListMultipartUploadParts',
          's3:ListBucket',
          's3:ListBucketMultipartUploads',
        ],
        Resource: '*',
      },
    ],
  }),
  awsManagedPolicy({
    name: 'AmazonSSMServiceRolePolicy',
    path: '/aws-service-role/',
    description: 'What Systems Manager itself does in an account.',
    statements: [
      {
        Effect: 'Allow',
        Action: [
          'ssm:CancelCommand',
          'ssm:GetAutomationExecution',
          'ssm:GetCalendarState',
          'ssm:GetCommandInvocation',
          'ssm:GetParameters',
          'ssm:ListCommandInvocations',
          'ssm:ListCommands',
          'ssm:ListTagsForResource',
          'ssm:SendCommand',
          'ssm:StartAutomationExecution',
          'ssm:DescribeInstanceInformation',
          'resource-groups:ListGroupResources',
          'resource-groups:ListGroups',
          'tag:GetResources',
          'events:DescribeRule',
          'events:PutRule',
          'events:PutTargets',
          'events:RemoveTargets',
          'events:DeleteRule',
        ],
        Resource: '*',
      },
      {
        Effect: 'Allow',
        Action: 'iam:PassRole',
        Resource: '*',
        Condition: { StringEquals: { 'iam:PassedToService': 'ssm.amazonaws.com' } },
      },
    ],
  }),
]
