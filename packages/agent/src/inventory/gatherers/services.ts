/*
 * AWS:Service: what systemd runs, in the words that Windows has for it, so that one search finds the services of the whole fleet.
 * Amazon's agent tells of services on Windows only.
 */
import { existsSync } from 'node:fs'
import { outputOf } from '#inventory/gatherers/program.ts'
import type { Entry } from '#inventory/item.ts'

const properties = ['Id', 'Description', 'ActiveState', 'Type', 'UnitFileState', 'Requires', 'RequiredBy', 'LoadState']

export async function gatherServices(): Promise<Entry[]> {
  if (!existsSync('/run/systemd/system')) return []
  const args = ['show', '*.service', '--all', '--no-pager', `--property=${properties.join(',')}`]
  return parseServices((await outputOf('systemctl', args)) ?? '')
}

/** The output of `systemctl show`: lines of a name and a value, an empty line after each unit. */
export function parseServices(text: string): Entry[] {
  return text
    .split(/\n\n+/)
    .map((block) => new Map(block.split('\n').map((line) => splitOnce(line, '='))))
    .filter((unit) => unit.has('Id') && unit.get('LoadState') !== 'not-found')
    .map((unit) => ({
      Name: unit.get('Id')!.replace(/\.service$/, ''),
      DisplayName: unit.get('Description') ?? '',
      Status: unit.get('ActiveState') === 'active' ? 'Running' : 'Stopped',
      DependentServices: services(unit.get('RequiredBy')),
      ServicesDependedOn: services(unit.get('Requires')),
      ServiceType: unit.get('Type') ?? '',
      StartType: startType(unit.get('UnitFileState')),
    }))
    .sort((a, b) => (a.Name < b.Name ? -1 : 1))
}

function services(units = ''): string {
  return units
    .split(' ')
    .filter((unit) => unit.endsWith('.service'))
    .map((unit) => unit.replace(/\.service$/, ''))
    .join(' ')
}

function startType(unitFileState = ''): string {
  if (/^enabled/.test(unitFileState)) return 'Automatic'
  return /^masked/.test(unitFileState) ? 'Disabled' : 'Manual'
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}
