import {
  complianceParameters,
  configurationDocument,
  flag,
  sourceParameters,
  TIMEOUT_SECONDS,
} from './configuration-document.ts'

const PATH = '^[\\w./-]+$'

export const stewardApplyPuppetManifest = configurationDocument({
  name: 'Steward-ApplyPuppetManifest',
  date: '2026-11-21',
  description: 'Applies a manifest of Puppet to Linux nodes, with OpenVox or Puppet and without a server of theirs.',
  parameters: {
    ...sourceParameters('manifests', ['GitHub', 'Git', 'HTTP', 'S3']),
    InstallDependencies: flag('Install OpenVox or Puppet from the package sources of the node if it has neither.'),
    ManifestFile: {
      type: 'String',
      description:
        '(Optional) The manifest, or the folder of manifests, as a path within what is downloaded and unpacked.',
      allowedPattern: PATH,
      default: 'site.pp',
    },
    ModulePath: {
      type: 'String',
      description: '(Optional) The folder of modules within what is downloaded, if there is one.',
      allowedPattern: PATH,
      default: 'modules',
    },
    Noop: flag('Only report what the manifest would change.'),
    ...complianceParameters('Custom:Puppet', 'Unspecified'),
    TimeoutSeconds: TIMEOUT_SECONDS,
  },
  script: ['begin', 'json', 'compliance', 'packages', 'unpack', 'apply-puppet-manifest'],
})
