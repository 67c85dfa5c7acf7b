import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { applicationEntry } from '#inventory/gatherers/application.ts'
import {
  awsComponents,
  parseApk,
  parseDpkg,
  parseFlatpak,
  parseRpm,
  parseSnap,
} from '#inventory/gatherers/applications.ts'
import { parseCustom } from '#inventory/gatherers/custom.ts'
import { globOf } from '#inventory/gatherers/files.ts'
import { instanceDetails } from '#inventory/gatherers/instance-details.ts'
import { networkEntries } from '#inventory/gatherers/network.ts'
import { parseServices } from '#inventory/gatherers/services.ts'

const record = (...fields: string[]) => `${fields.join('\x1f')}\x1e`

test('INV-05 packages of dpkg are told with the first lines of their texts', () => {
  const text = record('sed', 'Jo <jo@x>', '4.9-1', 'utils', 'amd64', '', 'The editor\n Long text', '1679000000')
  assert.deepEqual(parseDpkg(text).map(applicationEntry), [
    {
      ...{ Name: 'sed', Publisher: 'Jo <jo@x>', Version: '4.9-1', Architecture: 'x86_64', ApplicationType: 'utils' },
      ...{ Summary: 'The editor', PackageId: 'sed_4.9-1_amd64.deb', InstalledTime: '2023-03-16T20:53:20Z' },
    },
  ])
})

test('INV-05 packages of rpm have release, group and source; no epoch is none', () => {
  const fields = [
    'Red Hat',
    '5.1.8',
    '6.el9',
    '(none)',
    '1679000000',
    'Shells',
    'x86_64',
    'https://x',
    'A shell',
    'bash.src.rpm',
  ]
  const [plain, withEpoch] = parseRpm(record('bash', ...fields) + record('vim', ...fields.with(3, '2'))).map(
    applicationEntry,
  )
  assert.deepEqual(plain, {
    ...{ Name: 'bash', Publisher: 'Red Hat', Version: '5.1.8', Architecture: 'x86_64', Release: '6.el9' },
    ...{ ApplicationType: 'Shells', URL: 'https://x', Summary: 'A shell', PackageId: 'bash.src.rpm' },
    InstalledTime: '2023-03-16T20:53:20Z',
  })
  assert.equal(withEpoch!.Epoch, '2')
})

test('INV-05 packages of Alpine, Snap and Flatpak', () => {
  const alpine =
    'C:Q1x=\nP:musl\nV:1.2.5-r0\nA:x86_64\nS:4\nT:the libc\nU:https://musl\nm:Timo\n\nP:zlib\nV:1.3-r1\nA:x86_64\n\n'
  assert.deepEqual(parseApk(alpine).map(applicationEntry), [
    {
      ...{ Name: 'musl', Publisher: 'Timo', Version: '1.2.5-r0', Architecture: 'x86_64', ApplicationType: 'apk' },
      ...{ URL: 'https://musl', Summary: 'the libc', PackageId: 'musl-1.2.5-r0.apk' },
    },
    {
      ...{ Name: 'zlib', Publisher: '', Version: '1.3-r1', Architecture: 'x86_64', ApplicationType: 'apk' },
      PackageId: 'zlib-1.3-r1.apk',
    },
  ])
  const snaps =
    'Name  Version    Rev   Tracking  Publisher   Notes\ncore  16-2.43.3  8689  stable    canonical*  core\n'
  assert.deepEqual(parseSnap(snaps).map(applicationEntry), [
    {
      ...{ Name: 'core', Publisher: 'canonical*', Version: '16-2.43.3', Architecture: '', ApplicationType: 'admin' },
      PackageId: 'pkg:snap/canonical*/core@16-2.43.3',
    },
  ])
  const [flatpak] = parseFlatpak('GIMP\torg.gimp.GIMP\t2.10\tx86_64\tflathub\tDraw\n').map(applicationEntry)
  assert.deepEqual([flatpak!.Name, flatpak!.Publisher, flatpak!.PackageId], ['GIMP', 'flathub', 'org.gimp.GIMP'])
})

test('INV-03 Amazon’s own tools are components', () => {
  const named = (...names: string[]) => names.map((Name) => ({ Name }))
  const all = named('bash', 'Amazon-SSM-Agent', 'aws-apitools-ec2', 'awscli', 'aws-cfn-bootstrap')
  assert.deepEqual(awsComponents(all), named('Amazon-SSM-Agent', 'aws-apitools-ec2', 'aws-cfn-bootstrap'))
})

test('INV-03 texts of packages have at most 100 bytes, whole characters, and one line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (Summary) => {
      const { Summary: told = '' } = applicationEntry({ Name: 'x', Version: '1', Summary })
      assert.ok(Buffer.byteLength(told) <= 100 && !/[\n\r]/.test(told) && told.isWellFormed())
      assert.ok(Summary.replaceAll('\r', '').startsWith(told))
    }),
  )
})

test('INV-03 processors are counted as lscpu does', () => {
  const text = 'CPU(s):                2\nOn-line CPU(s) list:   0,1\nModel name:            Xeon @ 2.40GHz\n'
  const shape = 'Thread(s) per core:    2\nCore(s) per socket:    4\nSocket(s):             2\nCPU MHz:   2400.072\n'
  assert.deepEqual(instanceDetails(`${text}${shape}NUMA node0 CPU(s): 0,1\n`, '6.1'), {
    ...{ CPUModel: 'Xeon @ 2.40GHz', CPUSpeedMHz: '2400', CPUs: '2', CPUSockets: '2', CPUCores: '8' },
    ...{ CPUHyperThreadEnabled: 'true', OSServicePack: '', KernelVersion: '6.1' },
  })
  const nothing = instanceDetails('', '6.1')
  assert.deepEqual(Object.values(nothing).filter(Boolean), ['6.1'])
})

test('INV-03 interfaces come in the kernel’s order, without the loopback, with their last addresses', () => {
  const found = [
    { name: 'eth1', index: 3, loopback: false, mac: '' },
    { name: 'lo', index: 1, loopback: true, mac: '' },
    { name: 'eth0', index: 2, loopback: false, mac: '02:00:00:00:00:01' },
  ]
  const four = (address: string) => ({ address, family: 'IPv4' as const })
  assert.deepEqual(
    networkEntries(found, { eth0: [four('10.0.0.1'), four('10.0.0.2'), { address: 'fe80::1', family: 'IPv6' }] }),
    [
      { Name: 'eth0', MacAddress: '02:00:00:00:00:01', IPV4: '10.0.0.2', IPV6: 'fe80::1' },
      { Name: 'eth1', MacAddress: '', IPV4: '', IPV6: '' },
    ],
  )
})

test('INV-03 services of systemd are told in the words of Windows', () => {
  const ssh =
    'Type=notify\nRequires=sysinit.target dbus.service\nId=ssh.service\nDescription=SSH = secure\nLoadState=loaded\n'
  const gone = 'Id=gone.service\nLoadState=not-found\nActiveState=inactive\n'
  assert.deepEqual(parseServices(`${ssh}ActiveState=active\nUnitFileState=enabled\nRequiredBy=\n\n${gone}`), [
    {
      ...{ Name: 'ssh', DisplayName: 'SSH = secure', Status: 'Running', ServiceType: 'notify', StartType: 'Automatic' },
      ...{ DependentServices: '', ServicesDependedOn: 'dbus' },
    },
  ])
})

test('INV-06 patterns are those of a shell, for names without slashes', () => {
  const matches = (pattern: string, name: string) => globOf(pattern)?.test(name)
  for (const [pattern, name] of [
    ['*.cnf', 'my.cnf'],
    ['?.t[xy]t', 'a.txt'],
    ['[^a]*', 'bc'],
    ['a+(b)', 'a+(b)'],
  ] as const)
    assert.ok(matches(pattern, name), pattern)
  for (const [pattern, name] of [
    ['*.cnf', 'my.cnf.bak'],
    ['a.b', 'axb'],
    ['[a-c]', 'd'],
  ] as const)
    assert.ok(!matches(pattern, name), pattern)
  fc.assert(fc.property(fc.string(), fc.string(), (pattern, name) => typeof matches(pattern, name) !== 'string'))
})

test('INV-07 a file of custom inventory that is not as it must be says why', () => {
  const good = { SchemaVersion: '1.0', TypeName: 'Custom:X', Content: { A: 'b' } }
  assert.deepEqual(parseCustom(JSON.stringify(good)).content, [{ A: 'b' }])
  const long = 'x'.repeat(4097)
  const many = Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`a${i}`, '']))
  for (const [change, why] of [
    [{ TypeName: 'Rack' }, /TypeName/],
    [{ TypeName: `Custom:${'x'.repeat(94)}` }, /TypeName/],
    [{ SchemaVersion: '1' }, /SchemaVersion/],
    [{ Content: undefined }, /Content/],
    [{ Content: 'x' }, /Content/],
    [{ Content: [['x']] }, /Content/],
    [{ Content: { A: 1 } }, /A is not a string/],
    [{ Content: { A: long } }, /more than 4096/],
    [{ Content: { ['n'.repeat(65)]: '' } }, /name of an attribute/],
    [{ Content: many }, /more than 50 attributes/],
  ] as const)
    assert.throws(() => parseCustom(JSON.stringify({ ...good, ...change })), why)
})
