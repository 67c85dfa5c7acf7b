import assert from 'node:assert/strict'
import { test } from 'node:test'
import { documentContent } from '../content.ts'
import { defaultText } from '../parameter-declaration.ts'
import { typedParameters } from '../parameters.ts'
import { PREDEFINED } from './index.ts'

const latest = (name: string) =>
  documentContent(PREDEFINED.get(name)!.type, 'JSON', PREDEFINED.get(name)!.versions.at(-1)!.content)

const TO_HOST = ['portNumber:String=80', 'localPortNumber:String=0', 'host:String=localhost']

/** Names, types and defaults as AWS's documents of the same name have them; `!` is a parameter without a default. */
const EXPECTED: [name: string, schema: string, platforms: string[], parameters: string[], steps: string[]][] = [
  [
    'AWS-RunShellScript',
    '1.2',
    ['Linux', 'MacOS'],
    ['commands:StringList!', 'workingDirectory:String=', 'executionTimeout:String=3600'],
    ['aws:runShellScript'],
  ],
  [
    'AWS-RunPowerShellScript',
    '1.2',
    ['Windows', 'Linux', 'MacOS'],
    ['commands:StringList!', 'workingDirectory:String=', 'executionTimeout:String=3600'],
    ['aws:runPowerShellScript'],
  ],
  [
    'AWS-RunRemoteScript',
    '2.2',
    ['Windows', 'Linux', 'MacOS'],
    [
      'sourceType:String!',
      'sourceInfo:StringMap!',
      'commandLine:String!',
      'workingDirectory:String=',
      'executionTimeout:String=3600',
    ],
    ['downloadContent', 'runPowerShellScript', 'runShellScript'],
  ],
  [
    'AWS-RunDocument',
    '2.2',
    ['Windows', 'Linux'],
    ['sourceType:String!', 'sourceInfo:StringMap!', 'documentPath:String=.', 'documentParameters:StringMap={}'],
    ['downloadContent', 'runDocument'],
  ],
  [
    'AWS-GatherSoftwareInventory',
    '2.0',
    ['Windows', 'Linux', 'MacOS'],
    [
      'applications:String=Enabled',
      'awsComponents:String=Enabled',
      'files:String=',
      'networkConfig:String=Enabled',
      'windowsUpdates:String=Enabled',
      'instanceDetailedInformation:String=Enabled',
      'services:String=Enabled',
      'windowsRegistry:String=',
      'windowsRoles:String=Enabled',
      'customInventory:String=Enabled',
      'billingInfo:String=Enabled',
    ],
    ['collectSoftwareInventoryItems'],
  ],
  [
    'AWS-ApplyAnsiblePlaybooks',
    '2.2',
    ['Linux'],
    [
      'SourceType:String!',
      'SourceInfo:StringMap!',
      'InstallDependencies:String=False',
      'PlaybookFile:String=hello-world-playbook.yml',
      'ExtraVariables:String=SSM=True',
      'Check:String=False',
      'Verbose:String=-v',
      'TimeoutSeconds:String=3600',
    ],
    ['downloadContent', 'runShellScript'],
  ],
  [
    'AWS-ApplyChefRecipes',
    '2.2',
    ['Linux'],
    [
      'SourceType:String!',
      'SourceInfo:StringMap!',
      'RunList:String!',
      'JsonAttributesContent:String=',
      'JsonAttributesSources:String=',
      'ChefClientVersion:String=14',
      'ChefClientArguments:String=',
      'WhyRun:String=False',
      'ComplianceSeverity:String=None',
      'ComplianceType:String=Custom:Chef',
      'ComplianceReportBucket:String=',
    ],
    ['downloadContent', 'runShellScript'],
  ],
  [
    'Steward-ApplyPuppetManifest',
    '2.2',
    ['Linux'],
    [
      'SourceType:String!',
      'SourceInfo:StringMap!',
      'InstallDependencies:String=False',
      'ManifestFile:String=site.pp',
      'ModulePath:String=modules',
      'Noop:String=False',
      'ComplianceSeverity:String=Unspecified',
      'ComplianceType:String=Custom:Puppet',
      'TimeoutSeconds:String=3600',
    ],
    ['downloadContent', 'runShellScript'],
  ],
  [
    'Steward-ApplyDesiredState',
    '2.2',
    ['Linux'],
    [
      'Resources:StringList!',
      'Check:String=False',
      'ComplianceSeverity:String=Unspecified',
      'ComplianceType:String=Custom:DesiredState',
      'TimeoutSeconds:String=3600',
    ],
    ['runShellScript'],
  ],
  [
    'Steward-LiveQuery',
    '2.2',
    ['Linux'],
    ['Fact:String!', 'Path:String=', 'TimeoutSeconds:String=60'],
    ['runShellScript'],
  ],
  [
    'AWS-RefreshAssociation',
    '1.2',
    ['Windows', 'Linux', 'MacOS'],
    ['associationIds:StringList=[]'],
    ['aws:refreshAssociation'],
  ],
  [
    'AWS-UpdateSSMAgent',
    '1.2',
    ['Windows', 'Linux', 'MacOS'],
    ['version:String=', 'allowDowngrade:String=false'],
    ['aws:updateSsmAgent'],
  ],
  ['AWS-Noop', '2.2', ['Windows', 'Linux', 'MacOS'], [], ['runPowerShellScript', 'runShellScript']],
  ...(
    [
      ['AWS-StartPortForwardingSession', ['portNumber:String=80', 'localPortNumber:String=0']],
      ['AWS-StartPortForwardingSessionToRemoteHost', TO_HOST],
      ['AWS-StartPortForwardingSessionToSocket', TO_HOST],
      ['AWS-StartSSHSession', ['portNumber:String=22']],
      ['AWS-StartInteractiveCommand', ['command:String!']],
      [
        'AWS-StartNonInteractiveCommand',
        [
          'command:String!',
          'separateOutputStream:String=False',
          'stdOutSeparatorPrefix:String=',
          'stdErrSeparatorPrefix:String=',
        ],
      ],
      ['AWS-PasswordReset', ['username:String!']],
    ] as const
  ).map(([name, parameters]): [string, string, string[], string[], string[]] => [
    name,
    '1.0',
    ['Windows', 'Linux', 'MacOS'],
    [...parameters],
    [],
  ]),
]

for (const [name, schemaVersion, platformTypes, parameters, steps] of EXPECTED) {
  test(`PD-01 ${name} has AWS's parameters, platforms and step names`, () => {
    const content = latest(name)
    const shown = (content.parameters ?? []).map((one) => {
      const value = defaultText(one)
      return `${one.name}:${one.type}${value === undefined ? '!' : `=${value}`}`
    })
    assert.equal(content.schemaVersion, schemaVersion)
    assert.deepEqual(content.platformTypes, platformTypes)
    assert.deepEqual(shown, parameters)
    assert.deepEqual(
      content.steps.map((step) => step.name),
      steps,
    )
  })
}

test('PD-01 nothing else is shipped untested', () => {
  assert.deepEqual([...PREDEFINED.keys()].sort(), EXPECTED.map(([name]) => name).sort())
})

test('PD-01 the execution timeout of scripts is 1 to 172800 seconds', () => {
  const { parameters } = latest('AWS-RunShellScript')
  const send = (seconds: string) => typedParameters('D', parameters, { commands: ['x'], executionTimeout: [seconds] })
  for (const seconds of ['1', '60', '99999', '100000', '169999', '171999', '172799', '172800']) send(seconds)
  for (const seconds of ['0', '', '-1', '172801', '180000', '1000000', '1.5', ' 5']) {
    assert.throws(() => send(seconds), { code: 'InvalidParameters' })
  }
})

test('SM-14 ports of the session documents are 1 to 65535, the local one also 0', () => {
  const { parameters } = latest('AWS-StartPortForwardingSession')
  const start = (name: string, port: string) => typedParameters('D', parameters, { [name]: [port] })
  for (const port of ['1', '80', '9999', '10000', '59999', '64999', '65535']) {
    for (const name of ['portNumber', 'localPortNumber']) start(name, port)
  }
  start('localPortNumber', '0')
  assert.throws(() => start('portNumber', '0'), { code: 'InvalidParameters' })
  for (const port of ['65536', '70000', '100000', '-1', '080', '', 'http']) {
    for (const name of ['portNumber', 'localPortNumber']) {
      assert.throws(() => start(name, port), { code: 'InvalidParameters' })
    }
  }
})
