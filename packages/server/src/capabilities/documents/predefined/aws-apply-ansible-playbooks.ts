import { configurationDocument, flag, sourceParameters, TIMEOUT_SECONDS } from './configuration-document.ts'

export const awsApplyAnsiblePlaybooks = configurationDocument({
  name: 'AWS-ApplyAnsiblePlaybooks',
  date: '2026-11-21',
  description: 'Runs an Ansible playbook on Linux nodes and reports its tasks as compliance of type Custom:Ansible.',
  parameters: {
    ...sourceParameters('playbooks', ['GitHub', 'S3']),
    InstallDependencies: flag('Install Ansible and unzip if the node does not have them.'),
    PlaybookFile: {
      type: 'String',
      description: '(Optional) The playbook to run, as a path within what is downloaded and unpacked.',
      allowedPattern: '^[(a-z_A-Z0-9\\-.)/]+(\\.yml|\\.yaml)$',
      default: 'hello-world-playbook.yml',
    },
    ExtraVariables: {
      type: 'String',
      description: '(Optional) Variables for Ansible: pairs of name=value with spaces in between.',
      displayType: 'textarea',
      allowedPattern: '^$|^\\w+\\=[^\\s|:();&]+(\\s\\w+\\=[^\\s|:();&]+)*$',
      default: 'SSM=True',
    },
    Check: flag('Only report what the playbook would change.'),
    Verbose: {
      type: 'String',
      description: '(Optional) How much Ansible tells, from -v to -vvvv.',
      allowedValues: ['-v', '-vv', '-vvv', '-vvvv'],
      default: '-v',
    },
    TimeoutSeconds: TIMEOUT_SECONDS,
  },
  script: ['begin', 'json', 'compliance', 'packages', 'unpack', 'apply-ansible-playbooks'],
})
