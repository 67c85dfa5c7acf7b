/** What is installed on a node as a software bill of materials: CycloneDX 1.6 and SPDX 2.3, both in JSON. Pure. */

export type Package = Readonly<Record<string, string>>

export interface InstalledOn {
  readonly nodeId: string
  readonly computerName: string
  readonly platformName: string
  readonly platformVersion: string
  /** When the node told its packages; ISO. */
  readonly at: string
  readonly packages: readonly Package[]
}

/** Kinds of package URLs and their namespaces, by what the platform calls itself. */
const PLATFORMS: readonly [RegExp, kind: string, namespace: string][] = [
  [/ubuntu/i, 'deb', 'ubuntu'],
  [/debian|raspbian/i, 'deb', 'debian'],
  [/alpine/i, 'apk', 'alpine'],
  [/fedora/i, 'rpm', 'fedora'],
  [/red hat|rhel/i, 'rpm', 'redhat'],
  [/amazon linux/i, 'rpm', 'amzn'],
  [/suse/i, 'rpm', 'opensuse'],
  [/alma/i, 'rpm', 'almalinux'],
  [/rocky/i, 'rpm', 'rocky'],
  [/oracle/i, 'rpm', 'oraclelinux'],
  [/centos/i, 'rpm', 'centos'],
]

export function cycloneDx({ nodeId, computerName, platformName, platformVersion, at, packages }: InstalledOn): object {
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      timestamp: at,
      component: { type: 'device', 'bom-ref': nodeId, name: computerName || nodeId },
    },
    components: [
      { type: 'operating-system', 'bom-ref': 'operating-system', name: platformName, version: platformVersion },
      ...packages.map((one, index) => ({
        type: 'application',
        'bom-ref': `package-${index + 1}`,
        name: one.Name ?? '',
        version: fullVersion(one),
        ...(one.Publisher && { publisher: one.Publisher }),
        ...(one.Summary && { description: one.Summary }),
        purl: packageUrl(platformName, one),
      })),
    ],
  }
}

export function spdx({ nodeId, computerName, platformName, at, packages }: InstalledOn): object {
  const named = packages.map((one, index) => ({
    SPDXID: `SPDXRef-Package-${index + 1}`,
    name: one.Name ?? '',
    versionInfo: fullVersion(one),
    ...(one.Publisher && { supplier: `Organization: ${one.Publisher}` }),
    downloadLocation: 'NOASSERTION',
    filesAnalyzed: false,
    externalRefs: [
      {
        referenceCategory: 'PACKAGE-MANAGER',
        referenceType: 'purl',
        referenceLocator: packageUrl(platformName, one),
      },
    ],
  }))
  return {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: computerName || nodeId,
    documentNamespace: `urn:steward:inventory:${nodeId}:${at}`,
    creationInfo: { created: at, creators: ['Tool: steward'] },
    packages: named,
    relationships: named.map(({ SPDXID }) => ({
      spdxElementId: 'SPDXRef-DOCUMENT',
      relationshipType: 'DESCRIBES',
      relatedSpdxElement: SPDXID,
    })),
  }
}

function fullVersion({ Version = '', Release }: Package): string {
  return Release && !Version.includes('-') ? `${Version}-${Release}` : Version
}

/** Of packages of a platform that is not known there is only a generic one. */
function packageUrl(platformName: string, one: Package): string {
  const [, kind, namespace] = PLATFORMS.find(([pattern]) => pattern.test(platformName)) ?? []
  const place = kind ? `${kind}/${namespace}/` : 'generic/'
  const qualifiers = [
    ...(kind && one.Architecture ? [`arch=${encodeURIComponent(one.Architecture)}`] : []),
    ...(kind === 'rpm' && one.Epoch && one.Epoch !== '0' ? [`epoch=${encodeURIComponent(one.Epoch)}`] : []),
  ]
  const query = qualifiers.length > 0 ? `?${qualifiers.join('&')}` : ''
  return `pkg:${place}${encodeURIComponent(one.Name ?? '')}@${encodeURIComponent(fullVersion(one))}${query}`
}
