import { awsManagedPolicy } from './managed-policy.ts'

/** The actions of the services that are served which look and do not change, secrets excepted. */
const VIEWS = [
  'cloudtrail:Describe*',
  'cloudtrail:Get*',
  'cloudtrail:List*',
  'cloudtrail:LookupEvents',
  'cloudwatch:Describe*',
  'cloudwatch:Get*',
  'cloudwatch:List*',
  'events:Describe*',
  'events:List*',
  'events:TestEventPattern',
  'iam:Generate*',
  'iam:Get*',
  'iam:List*',
  'iam:Simulate*',
  'kms:Describe*',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:List*',
  'logs:Describe*',
  'logs:FilterLogEvents',
  'logs:Get*',
  'logs:List*',
  'resource-groups:Get*',
  'resource-groups:List*',
  'resource-groups:SearchResources',
  'sns:Get*',
  'sns:List*',
  'ssm:Describe*',
  'ssm:Get*',
  'ssm:List*',
  'sts:GetAccessKeyInfo',
  'sts:GetCallerIdentity',
  'tag:Get*',
]

export const ACCOUNT_POLICIES = [
  awsManagedPolicy({
    name: 'AdministratorAccess',
    description: 'Everything.',
    statements: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  }),
  awsManagedPolicy({
    name: 'PowerUserAccess',
    description: 'Everything but the management of principals and of the account.',
    statements: [
      { Effect: 'Allow', NotAction: ['iam:*', 'organizations:*', 'account:*'], Resource: '*' },
      {
        Effect: 'Allow',
        Action: [
          'iam:CreateServiceLinkedRole',
          'iam:DeleteServiceLinkedRole',
          'iam:ListRoles',
          'organizations:DescribeOrganization',
          'account:ListRegions',
          'account:GetAccountInformation',
        ],
        Resource: '*',
      },
    ],
  }),
  awsManagedPolicy({
    name: 'AWSDenyAll',
    description: 'Nothing at all, whatever else allows it.',
    statements: [{ Sid: 'DenyAll', Effect: 'Deny', Action: ['*'], Resource: '*' }],
  }),
  awsManagedPolicy({
    name: 'ReadOnlyAccess',
    description: 'Looking at everything, changing nothing.',
    statements: [{ Sid: 'Views', Effect: 'Allow', Action: VIEWS, Resource: '*' }],
  }),
  awsManagedPolicy({
    name: 'ViewOnlyAccess',
    path: '/job-function/',
    description: 'Seeing what there is, without what it contains.',
    statements: [
      {
        Effect: 'Allow',
        Action: [
          'cloudtrail:DescribeTrails',
          'cloudtrail:LookupEvents',
          'events:List*',
          'iam:GetAccountSummary',
          'iam:List*',
          'kms:ListAliases',
          'kms:ListKeys',
          'logs:Describe*',
          'sns:List*',
          'ssm:Describe*',
          'ssm:List*',
        ],
        Resource: '*',
      },
    ],
  }),
  awsManagedPolicy({
    name: 'SecurityAudit',
    description: 'Reading how the account is protected, without what it keeps.',
    statements: [
      {
        Effect: 'Allow',
        Action: [
          'cloudtrail:Describe*',
          'cloudtrail:Get*',
          'cloudtrail:List*',
          'cloudtrail:LookupEvents',
          'events:Describe*',
          'events:List*',
          'iam:Generate*',
          'iam:Get*',
          'iam:List*',
          'iam:Simulate*',
          'kms:Describe*',
          'kms:GetKeyPolicy',
          'kms:GetKeyRotationStatus',
          'kms:List*',
          'sns:GetTopicAttributes',
          'sns:List*',
          'ssm:Describe*',
          'ssm:ListDocuments',
          'ssm:ListTagsForResource',
        ],
        Resource: '*',
      },
    ],
  }),
  awsManagedPolicy({
    name: 'IAMFullAccess',
    description: 'Everything in IAM.',
    statements: [
      {
        Effect: 'Allow',
        Action: [
          'iam:*',
          'organizations:DescribeAccount',
          'organizations:DescribeOrganization',
          'organizations:ListPolicies',
        ],
        Resource: '*',
      },
    ],
  }),
  awsManagedPolicy({
    name: 'IAMReadOnlyAccess',
    description: 'Looking at everything in IAM.',
    statements: [
      {
        Effect: 'Allow',
        Action: [
          'iam:GenerateCredentialReport',
          'iam:GenerateServiceLastAccessedDetails',
          'iam:Get*',
          'iam:List*',
          'iam:SimulateCustomPolicy',
          'iam:SimulatePrincipalPolicy',
        ],
        Resource: '*',
      },
    ],
  }),
  awsManagedPolicy({
    name: 'IAMUserChangePassword',
    description: 'A user may change the password of its own.',
    statements: [
      {
        Effect: 'Allow',
        Action: 'iam:ChangePassword',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the policy language
        Resource: 'arn:aws:iam::*:user/${aws:username}',
      },
      { Effect: 'Allow', Action: 'iam:GetAccountPasswordPolicy', Resource: '*' },
    ],
  }),
]
