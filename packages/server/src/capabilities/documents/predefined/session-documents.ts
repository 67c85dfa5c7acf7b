/** The Session documents that come with the server: where to connect to, and what to run (SM-14 … SM-16). */
import { type PredefinedDocument, predefinedVersion } from './predefined-document.ts'

const PORT = '([1-9]|[1-9][0-9]{1,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])'
const PLATFORMS = ['linux', 'macos', 'windows']

const portNumber = (of: string, port: string) => ({
  type: 'String',
  description: `(Optional) Port of ${of}.`,
  allowedPattern: `^${PORT}$`,
  default: port,
})

const localPortNumber = {
  type: 'String',
  description: '(Optional) Port on the machine of the caller; 0 takes any that is free.',
  allowedPattern: `^(0|${PORT})$`,
  default: '0',
}

const host = {
  type: 'String',
  description: '(Optional) Host name or address of the server, as the node knows it.',
  allowedPattern: '^[^,$^&()!;\'"<>`{}\\[\\]|#=\\s]{3,255}$',
  default: 'localhost',
}

const forwarding = {
  portNumber: '{{ portNumber }}',
  type: 'LocalPortForwarding',
  localPortNumber: '{{ localPortNumber }}',
}

function sessionDocument(name: string, content: object): PredefinedDocument {
  const versions = [predefinedVersion('2026-11-21', { schemaVersion: '1.0', ...content })]
  return { name, type: 'Session', category: [], categoryEnum: [], versions }
}

function onEachPlatform(properties: object): object {
  return Object.fromEntries(PLATFORMS.map((platform) => [platform, properties]))
}

export const sessionDocuments: readonly PredefinedDocument[] = [
  sessionDocument('AWS-StartPortForwardingSession', {
    description: 'Forwards a port of the node to the machine of the caller.',
    sessionType: 'Port',
    parameters: { portNumber: portNumber('the server on the node', '80'), localPortNumber },
    properties: forwarding,
  }),
  sessionDocument('AWS-StartPortForwardingSessionToRemoteHost', {
    description: 'Forwards a port of a host that the node reaches to the machine of the caller.',
    sessionType: 'Port',
    parameters: { portNumber: portNumber('the server', '80'), localPortNumber, host },
    properties: { ...forwarding, host: '{{ host }}' },
  }),
  sessionDocument('AWS-StartPortForwardingSessionToSocket', {
    description: 'Forwards a port of a host that the node reaches to the machine of the caller.',
    sessionType: 'Port',
    parameters: { portNumber: portNumber('the server', '80'), localPortNumber, host },
    properties: { ...forwarding, host: '{{ host }}' },
  }),
  sessionDocument('AWS-StartSSHSession', {
    description: 'Carries a connection of SSH to the node.',
    sessionType: 'Port',
    parameters: { portNumber: portNumber('the SSH server on the node', '22') },
    properties: { portNumber: '{{ portNumber }}' },
  }),
  sessionDocument('AWS-StartInteractiveCommand', {
    description: 'Runs one command in a terminal on the node.',
    sessionType: 'InteractiveCommands',
    parameters: { command: { type: 'String', description: '(Required) The command to run.' } },
    properties: onEachPlatform({ commands: '{{ command }}', runAsElevated: false }),
  }),
  sessionDocument('AWS-StartNonInteractiveCommand', {
    description: 'Runs one command on the node and shows what it writes.',
    sessionType: 'NonInteractiveCommands',
    parameters: {
      command: { type: 'String', description: '(Required) The command to run. No shell reads it.' },
      separateOutputStream: {
        type: 'String',
        description: '(Optional) Keeps standard output and standard error apart, and shows the exit code.',
        allowedValues: ['True', 'False', 'true', 'false'],
        default: 'False',
      },
      stdOutSeparatorPrefix: prefix('standard output'),
      stdErrSeparatorPrefix: prefix('standard error'),
    },
    properties: onEachPlatform({
      commands: '{{ command }}',
      runAsElevated: false,
      separateOutputStream: '{{ separateOutputStream }}',
      stdOutSeparatorPrefix: '{{ stdOutSeparatorPrefix }}',
      stdErrSeparatorPrefix: '{{ stdErrSeparatorPrefix }}',
    }),
  }),
  sessionDocument('AWS-PasswordReset', {
    description: 'Asks for a new password of a user of the node.',
    sessionType: 'InteractiveCommands',
    parameters: {
      username: {
        type: 'String',
        description: '(Required) The user whose password is changed.',
        allowedPattern: '^[a-zA-Z0-9_][a-zA-Z0-9._@-]{0,63}$',
      },
    },
    properties: {
      linux: { commands: 'passwd {{ username }}', runAsElevated: true },
      macos: { commands: 'passwd {{ username }}', runAsElevated: true },
      windows: { commands: 'net user {{ username }} *', runAsElevated: true },
    },
  }),
]

function prefix(stream: string) {
  return {
    type: 'String',
    description: `(Optional) Begins what is shown of ${stream}.`,
    allowedPattern: '^[0-9a-zA-Z\\r\\n_:-]{0,30}$',
    default: '',
  }
}
