import { configurationDocument, TIMEOUT_SECONDS } from './configuration-document.ts'

export const stewardLiveQuery = configurationDocument({
  name: 'Steward-LiveQuery',
  date: '2026-11-22',
  description:
    'Asks Linux nodes for a fact as it is now; each line of the answer is a JSON object. It changes nothing and needs nothing on the node.',
  parameters: {
    Fact: {
      type: 'String',
      description: '(Required) What to tell.',
      allowedValues: [
        'processes',
        'listening-ports',
        'logged-in-users',
        'users',
        'file-hash',
        'disk-usage',
        'memory',
        'kernel',
        'uptime',
        'services',
      ],
    },
    Path: {
      type: 'String',
      description: '(Optional) For file-hash: the absolute path of the file.',
      // One line without references to other parameters.
      allowedPattern: '^(/([^{\\r\\n]|\\{[^{\\r\\n])*\\{?)?$',
      maxChars: 4096,
      default: '',
    },
    TimeoutSeconds: { ...TIMEOUT_SECONDS, default: '60' },
  },
  script: ['begin', 'live-query'],
})
