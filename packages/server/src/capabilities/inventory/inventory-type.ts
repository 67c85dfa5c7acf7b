/** The types that AWS defines (INV-03). Agents send the attributes as they are here; those of custom types are as they come. */

export interface InventoryType {
  readonly name: string
  readonly displayName: string
  /** The first is the current one. */
  readonly versions: readonly string[]
  readonly attributes: readonly string[]
  readonly numbers: ReadonlySet<string>
  /** Attributes that differ from node to node where the rest of an entry is the same. */
  readonly own: ReadonlySet<string>
  /** What makes an entry the same thing as before, though something about it changed; without, it is the only entry. */
  readonly key: readonly string[]
  /** What `GetInventorySchema` lists as fit for aggregators. */
  readonly aggregated: readonly string[]
  /** Who reports it: nodes, or nobody, because it follows from what is known otherwise. */
  readonly isDerived: boolean
}

interface Definition {
  readonly versions?: readonly string[]
  readonly displayName?: string
  readonly attributes: string
  readonly numbers?: string
  readonly own?: string
  readonly key?: string
  readonly aggregated?: string
  readonly isDerived?: true
}

const DEFINITIONS: Readonly<Record<string, Definition>> = {
  'AWS:InstanceInformation': {
    displayName: 'Platform',
    attributes:
      'AgentType AgentVersion ComputerName InstanceId IpAddress PlatformName PlatformType PlatformVersion ResourceType AgentStatus InstanceStatus',
    aggregated: 'PlatformName PlatformType PlatformVersion',
    isDerived: true,
  },
  'AWS:Application': {
    versions: ['1.1', '1.0'],
    attributes: 'Name ApplicationType Publisher Version Release Epoch InstalledTime Architecture URL Summary PackageId',
    own: 'InstalledTime',
    key: 'Name Architecture',
    aggregated: 'Name Version',
  },
  'AWS:File': {
    attributes:
      'Name Size Description FileVersion InstalledDate ModificationTime LastAccessTime ProductName InstalledDir ProductLanguage CompanyName ProductVersion',
    own: 'Size InstalledDate ModificationTime LastAccessTime',
    key: 'InstalledDir Name',
  },
  'AWS:Process': {
    attributes:
      'StartTime CommandLine User FileName FileVersion FileDescription FileSize CompanyName ProductName ProductVersion InstalledDate InstalledDir UsageId',
    own: 'StartTime InstalledDate UsageId',
    key: 'CommandLine User',
  },
  'AWS:AWSComponent': {
    attributes: 'Name ApplicationType Publisher Version InstalledTime Architecture URL',
    own: 'InstalledTime',
    key: 'Name Architecture',
  },
  'AWS:WindowsUpdate': {
    attributes: 'HotFixId Description InstalledTime InstalledBy',
    own: 'InstalledTime InstalledBy',
    key: 'HotFixId',
  },
  'AWS:Network': {
    attributes: 'Name SubnetMask Gateway DHCPServer DNSServer MacAddress IPV4 IPV6',
    key: 'Name MacAddress',
  },
  'AWS:PatchSummary': {
    attributes:
      'PatchGroup BaselineId SnapshotId OwnerInformation InstalledCount InstalledPendingRebootCount InstalledOtherCount InstalledRejectedCount NotApplicableCount UnreportedNotApplicableCount MissingCount FailedCount OperationType OperationStartTime OperationEndTime InstallOverrideList RebootOption LastNoRebootInstallOperationTime ExecutionId NonCompliantSeverity SecurityNonCompliantCount CriticalNonCompliantCount OtherNonCompliantCount',
    numbers:
      'InstalledCount InstalledPendingRebootCount InstalledOtherCount InstalledRejectedCount NotApplicableCount UnreportedNotApplicableCount MissingCount FailedCount SecurityNonCompliantCount CriticalNonCompliantCount OtherNonCompliantCount',
  },
  'AWS:PatchCompliance': {
    attributes: 'Title KBId Classification Severity State InstalledTime',
    own: 'InstalledTime',
    key: 'Title KBId',
  },
  'AWS:ComplianceItem': {
    attributes:
      'ComplianceType ExecutionId ExecutionType ExecutionTime Id Title Status Severity DocumentName DocumentVersion Classification PatchBaselineId PatchSeverity PatchState PatchGroup InstalledTime InstallOverrideList DetailedText DetailedLink CVEIds',
    own: 'ExecutionId ExecutionTime InstalledTime',
    key: 'ComplianceType Id',
  },
  'AWS:ComplianceSummary': {
    attributes:
      'ComplianceType PatchGroup PatchBaselineId Status OverallSeverity ExecutionId ExecutionType ExecutionTime CompliantCriticalCount CompliantHighCount CompliantMediumCount CompliantLowCount CompliantInformationalCount CompliantUnspecifiedCount NonCompliantCriticalCount NonCompliantHighCount NonCompliantMediumCount NonCompliantLowCount NonCompliantInformationalCount NonCompliantUnspecifiedCount',
    numbers:
      'CompliantCriticalCount CompliantHighCount CompliantMediumCount CompliantLowCount CompliantInformationalCount CompliantUnspecifiedCount NonCompliantCriticalCount NonCompliantHighCount NonCompliantMediumCount NonCompliantLowCount NonCompliantInformationalCount NonCompliantUnspecifiedCount',
    key: 'ComplianceType',
  },
  'AWS:InstanceDetailedInformation': {
    // Agents send KernelVersion, though AWS's list of attributes does not have it.
    attributes: 'CPUModel CPUCores CPUs CPUSpeedMHz CPUSockets CPUHyperThreadEnabled OSServicePack KernelVersion',
    numbers: 'CPUCores CPUs CPUSpeedMHz CPUSockets',
  },
  'AWS:Service': {
    attributes: 'Name DisplayName ServiceType Status DependentServices ServicesDependedOn StartType',
    key: 'Name',
    aggregated: 'Name DisplayName ServiceType Status StartType',
  },
  'AWS:WindowsRegistry': { attributes: 'KeyPath ValueName ValueType Value', key: 'KeyPath ValueName' },
  'AWS:WindowsRole': {
    attributes:
      'Name DisplayName Path FeatureType DependsOn Description Installed InstalledState SubFeatures ServerComponentDescriptor Parent',
    key: 'Name',
    aggregated: 'Name DisplayName FeatureType Installed',
  },
  'AWS:Tag': { attributes: 'Key Value', isDerived: true },
  'AWS:ResourceGroup': { attributes: 'Name Arn', aggregated: 'Name', isDerived: true },
  'AWS:BillingInfo': { attributes: 'BillingProductId', key: 'BillingProductId' },
}

export const AWS_TYPES: ReadonlyMap<string, InventoryType> = new Map(
  Object.entries(DEFINITIONS).map(([name, definition]) => [name, toType(name, definition)]),
)

const NOTHING: ReadonlySet<string> = new Set()

function toType(name: string, definition: Definition): InventoryType {
  return {
    name,
    displayName: definition.displayName ?? name.slice('AWS:'.length),
    versions: definition.versions ?? ['1.0'],
    attributes: words(definition.attributes),
    numbers: new Set(words(definition.numbers)),
    own: new Set(words(definition.own)),
    key: words(definition.key),
    aggregated: words(definition.aggregated),
    isDerived: definition.isDerived ?? false,
  }
}

function words(text = ''): string[] {
  return text.split(' ').filter(Boolean)
}

/** Attributes of the type that differ from node to node; custom types have none that are known. */
export function ownAttributes(typeName: string): ReadonlySet<string> {
  return AWS_TYPES.get(typeName)?.own ?? NOTHING
}

export const COMPLIANCE_ITEM = 'AWS:ComplianceItem'
export const COMPLIANCE_SUMMARY = 'AWS:ComplianceSummary'

/** Types of which most is not reported as inventory, but known of compliance. */
export function isCompliance(typeName: string): boolean {
  return typeName === COMPLIANCE_ITEM || typeName === COMPLIANCE_SUMMARY
}

/** Attributes that searches do not have in memory: they read them of each node that they are about. */
export function attributesElsewhere(typeName: string): ReadonlySet<string> {
  return isCompliance(typeName) ? NOTHING : ownAttributes(typeName)
}

/** AWS demands a capital letter behind the colon. */
const CUSTOM_NAME = /^Custom:[A-Z]/

export function isCustomName(typeName: string): boolean {
  return CUSTOM_NAME.test(typeName)
}

/** How the values of an attribute are ordered (INV-13). */
export type ValueOrder = 'number' | 'version' | 'text'

export function orderOf(typeName: string, attribute: string): ValueOrder {
  if (AWS_TYPES.get(typeName)?.numbers.has(attribute)) return 'number'
  return /version$/i.test(attribute) || attribute === 'Release' || attribute === 'Epoch' ? 'version' : 'text'
}
