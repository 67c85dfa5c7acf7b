import { complianceParameters, configurationDocument, flag, sourceParameters, TEXT } from './configuration-document.ts'

export const awsApplyChefRecipes = configurationDocument({
  name: 'AWS-ApplyChefRecipes',
  date: '2026-11-21',
  description: 'Runs recipes of Chef on Linux nodes, with Cinc or Chef and without a server of theirs.',
  parameters: {
    ...sourceParameters('cookbooks', ['GitHub', 'Git', 'HTTP', 'S3']),
    RunList: {
      type: 'String',
      description:
        '(Required) The recipes to run, with commas in between: recipe[cookbook1::recipe1],recipe[cookbook2].',
      allowedPattern: '^[\\w\\s:@.,"{}\\[\\]-]+$',
    },
    JsonAttributesContent: {
      type: 'String',
      description: '(Optional) Attributes for the recipes, as JSON. They come after those of JsonAttributesSources.',
      displayType: 'textarea',
      allowedPattern: TEXT,
      default: '',
    },
    JsonAttributesSources: {
      type: 'String',
      description: '(Optional) Files of attributes among what is downloaded, with commas in between; later ones count.',
      allowedPattern: '^[\\w./,-]*$',
      default: '',
    },
    ChefClientVersion: {
      type: 'String',
      description:
        '(Optional) The version to install from the package sources of a node that has neither Cinc nor Chef. None installs nothing.',
      allowedValues: ['11', '12', '13', '14', '15', '16', '17', '18', 'None'],
      default: '14',
    },
    ChefClientArguments: {
      type: 'String',
      description: '(Optional) More arguments for the client.',
      allowedPattern: '^[\\w\\s=.,:/@{}+-]*$',
      default: '',
    },
    WhyRun: flag('Only report what the recipes would change.'),
    ...complianceParameters('Custom:Chef', 'None'),
    ComplianceReportBucket: {
      type: 'String',
      description: '(Optional) The bucket for the log of every run.',
      allowedPattern: '^(-|[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])?$',
      default: '',
    },
  },
  script: ['begin', 'json', 'compliance', 'packages', 'unpack', 'apply-chef-recipes'],
})
