/** What is known of types of inventory besides what the server says. Pure. */

/** Groups are not made of groups. */
export const RESOURCE_GROUP = 'AWS:ResourceGroup'

const DERIVED = new Set(['AWS:InstanceInformation', 'AWS:Tag', RESOURCE_GROUP])

/** It follows from what is known of a node: nobody reports it. */
export function isDerived(type: string): boolean {
  return DERIVED.has(type)
}

export function isCustom(type: string): boolean {
  return type.startsWith('Custom:')
}

/** Attributes that tell one entry from another, and are the same on nodes that have the same thing. */
const MAIN: Readonly<Record<string, readonly string[]>> = {
  'AWS:Application': ['Name', 'Version', 'Architecture'],
  'AWS:AWSComponent': ['Name', 'Version', 'Architecture'],
  'AWS:ComplianceItem': ['ComplianceType', 'Title', 'Status', 'Severity'],
  'AWS:ComplianceSummary': ['ComplianceType', 'Status', 'OverallSeverity'],
  'AWS:File': ['Name', 'InstalledDir'],
  'AWS:InstanceDetailedInformation': ['CPUModel', 'CPUCores', 'KernelVersion'],
  'AWS:InstanceInformation': ['PlatformName', 'PlatformVersion', 'AgentType', 'AgentVersion'],
  'AWS:Network': ['Name', 'IPV4', 'MacAddress', 'Gateway'],
  'AWS:PatchCompliance': ['Title', 'Classification', 'Severity', 'State'],
  'AWS:PatchSummary': ['PatchGroup', 'BaselineId', 'MissingCount', 'FailedCount'],
  'AWS:Process': ['CommandLine', 'User'],
  'AWS:ResourceGroup': ['Name'],
  'AWS:Service': ['Name', 'Status', 'StartType'],
  'AWS:Tag': ['Key', 'Value'],
  'AWS:WindowsRegistry': ['KeyPath', 'ValueName', 'Value'],
  'AWS:WindowsRole': ['Name', 'DisplayName', 'Installed'],
  'AWS:WindowsUpdate': ['HotFixId', 'Description'],
}

/** So many attributes of a type of which nothing is known. */
const SOME = 5

export function mainAttributes(type: string, attributes: readonly string[]): readonly string[] {
  return MAIN[type] ?? attributes.slice(0, SOME)
}
