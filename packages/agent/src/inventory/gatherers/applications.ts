/* AWS:Application and AWS:AWSComponent: what the package managers of this machine have installed. */
import { readdir, readFile } from 'node:fs/promises'
import {
  type Application,
  applicationEntry,
  fieldEnd,
  installedTime,
  recordEnd,
  records,
} from '#inventory/gatherers/application.ts'
import { outputOf } from '#inventory/gatherers/program.ts'
import type { Entry } from '#inventory/item.ts'

/** Every package of every package manager. Throws when that of the system cannot be asked: the rest would be a false list. */
export async function gatherApplications(): Promise<Entry[]> {
  const others = Promise.all([apk(), snap(), flatpak(), homebrew()])
  const found = [...(await systemPackages()), ...(await others).flat()]
  return found.map(applicationEntry)
}

/** The tool of another system may be there too, and have no packages to tell of. */
async function systemPackages(): Promise<Application[]> {
  const asked = await Promise.allSettled([dpkg(), rpm()])
  const found = asked.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
  const failure = asked.find(({ status }) => status === 'rejected') as PromiseRejectedResult | undefined
  if (found.length === 0 && failure) throw failure.reason
  return found
}

const awsNames = new Set(['amazon-ssm-agent', 'aws-cfn-bootstrap', 'ec2configservice', 'aws pv drivers'])

/** Those of the applications that are Amazon's tools for its instances. */
export function awsComponents(applications: Entry[]): Entry[] {
  return applications.filter(({ Name = '' }) => {
    const name = Name.trim().toLowerCase()
    return awsNames.has(name) || /aws-(api|ami)tools-/.test(name)
  })
}

const dpkgFields = [
  ...['Package', 'Maintainer', 'Version', 'Section', 'Architecture', 'Homepage', 'Description'],
  'db-fsys:Last-Modified',
]

async function dpkg(): Promise<Application[]> {
  const format = `${dpkgFields.map((field) => `\${${field}}`).join(fieldEnd)}${recordEnd}`
  return parseDpkg((await outputOf('dpkg-query', ['-W', `-f=${format}`])) ?? '')
}

export function parseDpkg(text: string): Application[] {
  return records(text).map((fields) => {
    const [name = '', publisher = '', version = '', section, arch = '', url, summary, modified = ''] = fields
    return {
      ...{ Name: name, Publisher: publisher, Version: version, ApplicationType: section!, Architecture: arch },
      ...{ URL: url!, Summary: summary!, PackageId: `${name}_${version}_${arch}.deb` },
      InstalledTime: installedTime(modified),
    }
  })
}

const rpmFields = [
  ...['NAME', 'VENDOR', 'VERSION', 'RELEASE', 'EPOCH', 'INSTALLTIME', 'GROUP', 'ARCH', 'URL', 'SUMMARY', 'SOURCERPM'],
]

async function rpm(): Promise<Application[]> {
  const format = `${rpmFields.map((field) => `%{${field}}`).join(fieldEnd)}${recordEnd}`
  return parseRpm((await outputOf('rpm', ['-qa', '--queryformat', format])) ?? '')
}

/** What a package does not have reads `(none)`; of epochs that is the usual case, and said by leaving it out. */
export function parseRpm(text: string): Application[] {
  return records(text).map((fields) => {
    const [name = '', vendor = '', version = '', release, epoch, installed = '', group, arch, url, summary, source] =
      fields
    return {
      ...{ Name: name, Publisher: vendor, Version: version, Release: release!, ApplicationType: group! },
      ...{ Architecture: arch!, URL: url!, Summary: summary!, PackageId: source! },
      Epoch: epoch === '(none)' ? '' : epoch!,
      InstalledTime: installedTime(installed),
    }
  })
}

async function apk(): Promise<Application[]> {
  return parseApk(await readFile('/lib/apk/db/installed', 'utf8').catch(() => ''))
}

/** Alpine's list of packages: lines of a letter and a value, an empty line after each package. */
export function parseApk(text: string): Application[] {
  return text.split('\n\n').flatMap((block) => {
    const values = new Map(block.split('\n').map((line) => [line.slice(0, 2), line.slice(2)]))
    const of = (letter: string) => values.get(`${letter}:`) ?? ''
    if (of('P') === '') return []
    return {
      ...{ Name: of('P'), Publisher: of('m'), Version: of('V'), ApplicationType: 'apk', Architecture: of('A') },
      ...{ URL: of('U'), Summary: of('T'), PackageId: `${of('P')}-${of('V')}.apk` },
    }
  })
}

async function snap(): Promise<Application[]> {
  // Without its daemon there is nothing to ask, and it says so by failing.
  return parseSnap((await outputOf('snap', ['list']).catch(() => '')) ?? '')
}

export function parseSnap(text: string): Application[] {
  return rows(text)
    .slice(1)
    .flatMap((line) => {
      const [name, version, , , publisher, notes] = line.split(/\s+/)
      if (!name || !version || !publisher || !notes) return []
      const id = `pkg:snap/${publisher}/${name}@${version}`
      return { Name: name, Publisher: publisher, Version: version, ApplicationType: 'admin', PackageId: id }
    })
}

async function flatpak(): Promise<Application[]> {
  const columns = '--columns=name,application,version,arch,origin,description'
  return parseFlatpak((await outputOf('flatpak', ['list', '--system', columns]).catch(() => '')) ?? '')
}

export function parseFlatpak(text: string): Application[] {
  return rows(text).flatMap((line) => {
    const [name, id, version = '', arch = '', origin = '', summary = ''] = line.split('\t')
    if (!name || !id) return []
    return {
      ...{ Name: name, Publisher: origin, Version: version, ApplicationType: 'flatpak', Architecture: arch },
      ...{ Summary: summary, PackageId: id },
    }
  })
}

const cellar = '/home/linuxbrew/.linuxbrew/Cellar'

/** Homebrew refuses to run as root, but its folders tell: one for each formula, in it one for each version. */
async function homebrew(): Promise<Application[]> {
  const formulas = await readdir(cellar).catch(() => [])
  const found = formulas.map(async (name) => {
    const versions = await readdir(`${cellar}/${name}`).catch(() => [])
    return versions.map((version) => ({ Name: name, Publisher: 'Homebrew', Version: version, ApplicationType: 'brew' }))
  })
  return (await Promise.all(found)).flat()
}

function rows(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '')
}
