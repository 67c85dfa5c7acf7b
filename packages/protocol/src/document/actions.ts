/** The actions that steps of runbooks name, with the inputs that are always wanted. */

export interface AutomationAction {
  readonly description: string
  readonly inputs: readonly string[]
  readonly required: readonly string[]
}

function action(description: string, required: readonly string[], more: readonly string[] = []): AutomationAction {
  return { description, required, inputs: [...required, ...more] }
}

const RESOURCE = ['Service', 'Api', 'PropertySelector', 'DesiredValues']

/** Every action by name. */
export const ACTIONS: Readonly<Record<string, AutomationAction>> = {
  'aws:approve': action(
    'Waits for people to approve.',
    ['Approvers'],
    ['NotificationArn', 'Message', 'MinRequiredApprovals'],
  ),
  'aws:assertAwsResourceProperty': action('Fails unless a resource is in a wanted state.', RESOURCE),
  'aws:branch': action('Goes on with the step that a condition chooses.', ['Choices'], ['Default']),
  'aws:changeInstanceState': action(
    'Starts, stops or terminates instances.',
    ['InstanceIds', 'DesiredState'],
    ['CheckStateOnly', 'Force'],
  ),
  'aws:copyImage': action('Copies an image.', ['SourceImageId', 'SourceRegion', 'ImageName']),
  'aws:createImage': action(
    'Makes an image of an instance.',
    ['InstanceId', 'ImageName'],
    ['ImageDescription', 'NoReboot'],
  ),
  'aws:createStack': action(
    'Creates a CloudFormation stack.',
    ['StackName'],
    ['TemplateBody', 'TemplateURL', 'Parameters'],
  ),
  'aws:createTags': action('Puts tags on resources.', ['ResourceIds', 'Tags'], ['ResourceType']),
  'aws:deleteImage': action('Deletes an image.', ['ImageId']),
  'aws:deleteStack': action('Deletes a CloudFormation stack.', ['StackName']),
  'aws:executeAutomation': action('Runs another runbook.', ['DocumentName'], ['DocumentVersion', 'RuntimeParameters']),
  'aws:executeAwsApi': action('Calls an API.', ['Service', 'Api']),
  'aws:executeScript': action('Runs a script.', ['Runtime', 'Handler'], ['InputPayload', 'Script', 'Attachment']),
  'aws:executeStateMachine': action('Runs a state machine.', ['stateMachineArn'], ['input', 'name']),
  'aws:invokeLambdaFunction': action(
    'Calls a function.',
    ['FunctionName'],
    ['Payload', 'InvocationType', 'LogType', 'Qualifier'],
  ),
  'aws:invokeWebhook': action('Calls a webhook.', ['IntegrationName'], ['Body']),
  'aws:loop': action('Repeats steps.', ['Steps'], ['Iterators', 'IteratorDataType', 'LoopCondition', 'MaxIterations']),
  'aws:pause': action('Waits until it is told to go on.', []),
  'aws:runCommand': action(
    'Runs a Command document on nodes.',
    ['DocumentName'],
    ['InstanceIds', 'Targets', 'Parameters', 'Comment', 'TimeoutSeconds', 'MaxConcurrency', 'MaxErrors'],
  ),
  'aws:runInstances': action(
    'Launches instances.',
    ['ImageId'],
    ['InstanceType', 'MinInstanceCount', 'MaxInstanceCount'],
  ),
  'aws:sleep': action('Waits for a time.', [], ['Duration', 'Timestamp']),
  'aws:updateVariable': action('Sets a variable.', ['Name', 'Value']),
  'aws:waitForAwsResourceProperty': action('Waits until a resource is in a wanted state.', RESOURCE),
}
