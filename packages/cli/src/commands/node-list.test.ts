import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodeTable } from './node-list.ts'

const NOW = Date.parse('2026-11-21T12:00:00Z')

test('connected nodes come first, then names in order; a node that never called says so', () => {
  const rows = nodeTable(
    [
      { InstanceId: 'mi-1', Name: 'aaa', PingStatus: 'ConnectionLost', LastPingDateTime: NOW / 1000 - 86_400 },
      { InstanceId: 'mi-2', ComputerName: 'ccc', PingStatus: 'Online', LastPingDateTime: NOW / 1000 - 5 },
      {
        InstanceId: 'mi-3',
        Name: 'bbb',
        PingStatus: 'Online',
        PlatformName: 'Debian GNU/Linux',
        PlatformVersion: '12',
        AgentVersion: '1.0',
      },
      { InstanceId: 'mi-4', PingStatus: 'Inactive', PlatformName: 'Windows' },
    ],
    NOW,
  )
  assert.equal(
    rows,
    [
      'ID    NAME  PING            PLATFORM             AGENT  LAST PING',
      'mi-3  bbb   Online          Debian GNU/Linux 12  1.0    never',
      'mi-2  ccc   Online                                      5 s ago',
      'mi-4        Inactive        Windows                     never',
      'mi-1  aaa   ConnectionLost                              24 h ago',
      '',
    ].join('\n'),
  )
})
