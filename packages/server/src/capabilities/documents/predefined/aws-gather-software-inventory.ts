import { type PredefinedDocument, predefinedVersion } from './predefined-document.ts'

/** A parameter that says whether a kind of inventory is taken. */
function taken(what: string) {
  return {
    type: 'String',
    default: 'Enabled',
    description: `(Optional) Whether to collect ${what}.`,
    allowedValues: ['Enabled', 'Disabled'],
  }
}

function sought(description: string) {
  return { type: 'String', default: '', description: `(Optional) ${description}`, displayType: 'textarea' }
}

const PARAMETERS = {
  applications: taken('the applications that are installed'),
  awsComponents: taken('the components of AWS that are installed, such as agents'),
  files: sought('The files to collect, as a JSON list of objects with Path, Pattern, Recursive and DirScanLimit.'),
  networkConfig: taken('how the network is configured'),
  windowsUpdates: taken('the updates of Windows that are installed'),
  instanceDetailedInformation: taken('what the processor and its cores are'),
  services: taken('the services and how they stand'),
  windowsRegistry: sought(
    'The values of the registry to collect, as a JSON list of objects with Path, Recursive and ValueNames.',
  ),
  windowsRoles: taken('the roles of Windows'),
  customInventory: taken('the files that others leave for it on the node'),
  billingInfo: taken('what is billed by the licences of the node'),
}

export const awsGatherSoftwareInventory: PredefinedDocument = {
  name: 'AWS-GatherSoftwareInventory',
  type: 'Command',
  category: [],
  categoryEnum: [],
  versions: [
    predefinedVersion('2026-11-21', {
      schemaVersion: '2.0',
      description: 'Collects what is on the node and what it is like. For associations.',
      parameters: PARAMETERS,
      mainSteps: [
        {
          action: 'aws:softwareInventory',
          name: 'collectSoftwareInventoryItems',
          inputs: Object.fromEntries(Object.keys(PARAMETERS).map((name) => [name, `{{ ${name} }}`])),
        },
      ],
    }),
  ],
}
