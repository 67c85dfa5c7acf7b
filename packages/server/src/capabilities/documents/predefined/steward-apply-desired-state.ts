import { complianceParameters, configurationDocument, flag, TIMEOUT_SECONDS } from './configuration-document.ts'

export const stewardApplyDesiredState = configurationDocument({
  name: 'Steward-ApplyDesiredState',
  date: '2026-11-21',
  description:
    'Holds files, packages and services of Linux nodes in the state that is listed; needs nothing on the node.',
  parameters: {
    Resources: {
      type: 'StringList',
      description:
        '(Required) The resources in the order in which they are treated, each as JSON: {"package":"nginx"}, {"file":"/etc/motd","content":"Hello\\n","mode":"0644"}, {"service":"nginx","enabled":true}.',
      displayType: 'textarea',
      allowedPattern: '^\\{[^\\r\\n]*\\}$',
      minItems: 1,
    },
    Check: flag('Only report what is not in its state.'),
    ...complianceParameters('Custom:DesiredState', 'Unspecified'),
    TimeoutSeconds: TIMEOUT_SECONDS,
  },
  script: ['begin', 'json', 'compliance', 'packages', 'apply-desired-state'],
})
