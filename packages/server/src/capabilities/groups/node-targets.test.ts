import assert from 'node:assert/strict'
import { test } from 'node:test'
import { groupTargetFault } from './node-targets.ts'

const scope = { account: '123456789012', region: 'eu-west-1' }
const name = (...Values: string[]) => ({ Key: 'resource-groups:Name', Values })
const types = (...Values: string[]) => ({ Key: 'resource-groups:ResourceTypeFilters', Values })
const elsewhere = 'arn:aws:resource-groups:us-east-1:123456789012:group/web'

test('T-06 one group is named, alone or with types that nodes can be of', () => {
  const good = [
    [{ Key: 'tag:a', Values: ['b'] }],
    [name('web')],
    [name('arn:aws:resource-groups:eu-west-1:123456789012:group/web')],
    [types('AWS::SSM::ManagedInstance'), name('web')],
    [name('web'), types('AWS::S3::Bucket', 'AWS::EC2::Instance')],
  ]
  for (const targets of good) assert.equal(groupTargetFault(scope, targets), undefined, JSON.stringify(targets))
})

test('T-06 what cannot be combined, is given twice or is elsewhere is refused with the reason', () => {
  const bad: [Parameters<typeof groupTargetFault>[1], RegExp][] = [
    [[name('web'), { Key: 'tag:a', Values: ['b'] }], /combined/],
    [[name('web'), { Key: 'InstanceIds', Values: ['mi-0123456789abcdef0'] }], /combined/],
    [[name('web'), name('db')], /twice/],
    [[name('web', 'db')], /one group/],
    [[name('web', 'web')], /one group/],
    [[types('AWS::SSM::ManagedInstance')], /one group/],
    [[name(elsewhere)], /this account and Region/],
    [[name('web'), types()], /one to five/],
    [[name('web'), types('AWS::EC2::Instance', 'AWS::EC2::Instance')], /value twice/],
    [[name('web'), types('AWS::S3::Bucket')], /must contain/],
    [[{ Key: 'resource-groups:name', Values: ['web'] }], /the keys/],
  ]
  for (const [targets, why] of bad) assert.match(groupTargetFault(scope, targets) ?? '', why, JSON.stringify(targets))
})
