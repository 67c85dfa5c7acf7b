/** The plugins that steps of Command documents name, with the inputs that agents read. */
import type { JsonSchema } from './json-schema.ts'

export const PLATFORMS = ['Windows', 'Linux', 'MacOS'] as const

export type Platform = (typeof PLATFORMS)[number]

export interface Plugin {
  readonly description: string
  /** Where Amazon's agent has it. */
  readonly platforms: readonly Platform[]
  readonly inputs: { readonly [name: string]: JsonSchema }
  readonly required?: readonly string[]
}

const WINDOWS = ['Windows'] as const
const SERVERS = ['Windows', 'Linux'] as const
const UNIX = ['Linux', 'MacOS'] as const

const text = (description: string): JsonSchema => ({ type: 'string', description })
const texts = (description: string): JsonSchema => ({
  type: ['array', 'string'],
  items: { type: 'string' },
  description,
})
const choice = (description: string, ...values: string[]): JsonSchema => ({ type: 'string', enum: values, description })
const flag = (description: string): JsonSchema => ({ type: ['boolean', 'string'], description })
/** Agents read a list as well as a block of text. */
const script = (description: string): JsonSchema => ({
  type: ['array', 'string'],
  items: { type: 'string' },
  description,
})
const timeoutSeconds: JsonSchema = {
  type: ['integer', 'string'],
  description: 'Seconds after which the step is ended and has failed.',
  default: 3600,
}
const workingDirectory = text('Where the commands run. Otherwise a folder of their own.')

const scriptInputs = { runCommand: script('The commands, line by line.'), timeoutSeconds, workingDirectory }
const source = {
  sourceType: choice('Where to fetch from.', 'GitHub', 'Git', 'HTTP', 'S3', 'SSMDocument'),
  sourceInfo: { type: ['object', 'string'], description: 'What to fetch, as the source type wants it told.' },
  destinationPath: text('Where to put it. Otherwise the folder that the steps of the document share.'),
} as const satisfies Plugin['inputs']

/** Every plugin by name. */
export const PLUGINS: Readonly<Record<string, Plugin>> = {
  'aws:applications': {
    description: 'Installs, repairs or removes an MSI package.',
    platforms: WINDOWS,
    inputs: {
      action: choice('What to do.', 'Install', 'Repair', 'Uninstall'),
      source: text('Address of the .msi file.'),
      sourceHash: text('SHA-256 hash that the file must have.'),
      parameters: text('Parameters for the installer.'),
    },
    required: ['action', 'source'],
  },
  'aws:cloudWatch': {
    description: 'Sends metrics and logs of Windows to CloudWatch.',
    platforms: WINDOWS,
    inputs: { properties: { description: 'The configuration.' } },
  },
  'aws:configureDaemon': {
    description: 'Installs a package that keeps running.',
    platforms: WINDOWS,
    inputs: {
      name: text('Name of the package.'),
      action: choice('What to do.', 'Install', 'Uninstall'),
      command: text('The command that runs.'),
    },
  },
  'aws:configureDocker': {
    description: 'Prepares the node for containers.',
    platforms: SERVERS,
    inputs: { action: choice('What to do.', 'Install', 'Uninstall') },
    required: ['action'],
  },
  'aws:configurePackage': {
    description: 'Installs or removes a Distributor package.',
    platforms: PLATFORMS,
    inputs: {
      name: text('Name or ARN of the package.'),
      action: choice('What to do.', 'Install', 'Uninstall'),
      version: text('The version. Otherwise the latest.'),
      installationType: choice('How to replace an earlier version.', 'Uninstall and reinstall', 'In-place update'),
      additionalArguments: {
        type: ['object', 'string'],
        description: 'Arguments for the scripts of the package, as JSON.',
      },
    },
    required: ['name', 'action'],
  },
  'aws:domainJoin': {
    description: 'Joins the node to a domain.',
    platforms: SERVERS,
    inputs: {
      directoryId: text('Id of the directory.'),
      directoryName: text('Name of the domain.'),
      directoryOU: text('Organisational unit.'),
      dnsIpAddresses: texts('Addresses of the DNS servers.'),
      hostname: text('Name of the host in the domain.'),
    },
    required: ['directoryId', 'directoryName'],
  },
  'aws:downloadContent': {
    description: 'Fetches files for the steps that follow.',
    platforms: SERVERS,
    inputs: source,
    required: ['sourceType', 'sourceInfo'],
  },
  'aws:psModule': {
    description: 'Installs PowerShell modules and runs commands with them.',
    platforms: WINDOWS,
    inputs: {
      ...scriptInputs,
      source: text('Address of the .zip file.'),
      sourceHash: text('SHA-256 hash of the file.'),
    },
    required: ['runCommand'],
  },
  'aws:refreshAssociation': {
    description: 'Has the node look for its associations now.',
    platforms: PLATFORMS,
    inputs: { associationIds: texts('Ids of associations. Otherwise all.') },
  },
  'aws:runDockerAction': {
    description: 'Acts on containers.',
    platforms: SERVERS,
    inputs: {
      action: text('What to do, e.g. Create, Start, Stop, Rm, Run, Images, Ps.'),
      container: text('Id of the container.'),
      image: text('Name of the image.'),
      cmd: text('Command for the container.'),
      memory: text('Limit of memory.'),
      cpuShares: text('Share of CPU.'),
      volume: texts('Volumes to mount.'),
      env: text('Environment variables.'),
      user: text('User in the container.'),
      publish: text('Ports to publish.'),
    },
    required: ['action'],
  },
  'aws:runDocument': {
    description: 'Runs another document, stored here or on the node.',
    platforms: SERVERS,
    inputs: {
      documentType: choice('Where the document is.', 'SSMDocument', 'LocalPath'),
      documentPath: text('Its name or ARN, or its path on the node.'),
      documentParameters: { type: ['object', 'string'], description: 'Its parameters.' },
    },
    required: ['documentType', 'documentPath'],
  },
  'aws:runPowerShellScript': {
    description: 'Runs PowerShell.',
    platforms: PLATFORMS,
    inputs: scriptInputs,
    required: ['runCommand'],
  },
  'aws:runShellScript': {
    description: 'Runs a shell script.',
    platforms: UNIX,
    inputs: scriptInputs,
    required: ['runCommand'],
  },
  'aws:softwareInventory': {
    description: 'Collects what is on the node.',
    platforms: PLATFORMS,
    inputs: Object.fromEntries(
      [
        ...['applications', 'awsComponents', 'networkConfig', 'files', 'services', 'windowsRoles', 'windowsRegistry'],
        ...[
          'windowsUpdates',
          'instanceDetailedInformation',
          'customInventory',
          'customInventoryDirectory',
          'billingInfo',
        ],
      ].map((name) => [name, text(`Setting of ${name}.`)]),
    ),
  },
  'aws:updateAgent': {
    description: 'Updates the EC2Config service.',
    platforms: WINDOWS,
    inputs: {
      agentName: text('Name of the agent.'),
      source: text('Address of the manifest.'),
      allowDowngrade: flag('Whether an earlier version may replace a later one.'),
      targetVersion: text('The version. Otherwise the latest.'),
    },
  },
  'aws:updateSsmAgent': {
    description: 'Updates the agent.',
    platforms: PLATFORMS,
    inputs: {
      agentName: text('Name of the agent.'),
      source: text('Address of the manifest.'),
      allowDowngrade: flag('Whether an earlier version may replace a later one.'),
      targetVersion: text('The version. Otherwise the latest.'),
    },
  },
}
