import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  DeactivateMFADeviceCommand,
  DeleteUserCommand,
  DeleteVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  GetMFADeviceCommand,
  IAMClient,
  ListMFADevicesCommand,
  ListMFADeviceTagsCommand,
  ListVirtualMFADevicesCommand,
  ResyncMFADeviceCommand,
  TagMFADeviceCommand,
  UntagMFADeviceCommand,
} from '@aws-sdk/client-iam'
import { GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts'
import { DATABASES, startServer, type TestServer } from '@steward/testkit'
import { codeNumberAt, codeOf } from '../totp.ts'

const UserName = 'ann'
const SerialNumber = 'arn:aws:iam::000000000000:mfa/phones/ann'
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

for (const database of DATABASES) {
  test(`a virtual device is made, enabled by two codes, listed, and goes only when deactivated (${database})`, async () => {
    await using server = await startServer({ database })
    const iam = server.client(IAMClient)
    await iam.send(new CreateUserCommand({ UserName }))
    const device = await aDevice(server)
    await assert.rejects(aDevice(server), {
      name: 'EntityAlreadyExistsException',
      message: 'MFADevice entity at the same path and name already exists.',
    })
    await assert.rejects(enable(iam, device.code(-1), device.code(1)), {
      name: 'InvalidAuthenticationCodeException',
      message: 'Authentication code for device is not valid.',
    })
    const listed = async (AssignmentStatus?: 'Assigned' | 'Unassigned') =>
      (await iam.send(new ListVirtualMFADevicesCommand({ AssignmentStatus }))).VirtualMFADevices!
    assert.deepEqual(await listed('Unassigned'), [{ SerialNumber }])
    await enable(iam, device.code(-1), device.code(0))
    await assert.rejects(enable(iam, device.code(0), device.code(1)), { name: 'EntityAlreadyExistsException' })
    assert.deepEqual(await listed('Unassigned'), [])
    const [assigned] = await listed('Assigned')
    assert.deepEqual([assigned!.User!.UserName, assigned!.Base32StringSeed], [UserName, undefined])
    const { MFADevices } = await iam.send(new ListMFADevicesCommand({ UserName }))
    assert.deepEqual(
      MFADevices!.map((one) => [one.UserName, one.SerialNumber]),
      [[UserName, SerialNumber]],
    )
    assert.ok((await iam.send(new GetMFADeviceCommand({ UserName, SerialNumber }))).EnableDate)

    await assert.rejects(iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber })), {
      name: 'DeleteConflictException',
    })
    await assert.rejects(iam.send(new DeleteUserCommand({ UserName })), {
      message: 'Cannot delete entity, must delete MFA device first.',
    })
    await iam.send(new DeactivateMFADeviceCommand({ UserName, SerialNumber }))
    await iam.send(new DeleteUserCommand({ UserName }))
    await iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber }))
    await assert.rejects(iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber })), {
      name: 'NoSuchEntityException',
      message: `VirtualMFADevice with serial number ${SerialNumber} doesn't exist.`,
    })
  })

  test(`a code proves its user once (${database})`, async () => {
    await using server = await startServer({ database })
    const { device, token } = await aUserWithDevice(server)
    const wrong = { message: /invalid MFA one time pass code/ }
    await assert.rejects(token(device.code(0)), wrong)
    await server.advance(30_000)
    const code = device.code(0)
    assert.ok((await token(code)).Credentials)
    await assert.rejects(token(code), wrong)
    await server.advance(300_000)
    const atOnce = await Promise.allSettled(Array.from({ length: 4 }, () => token(device.code(0))))
    assert.equal(atOnce.filter(({ status }) => status === 'fulfilled').length, 1)
    await server.advance(60_000)
    await assert.rejects(token(device.code(-3)), wrong)
    await assert.rejects(token(device.code(3)), wrong)
    await server.advance(30_000)
    assert.ok((await token(device.code(0))).Credentials)
  })
}

test('after several wrong codes the right one has to wait', async () => {
  await using server = await startServer()
  const { device, token } = await aUserWithDevice(server)
  await server.advance(60_000)
  const right = device.code(0)
  const wrong = right === '000000' ? '000001' : '000000'
  for (let i = 0; i < 10; i++) await assert.rejects(token(wrong))
  await assert.rejects(token(right))
  await server.advance(60_000)
  assert.ok((await token(device.code(0))).Credentials)
})

test('a device whose clock is off is taken after it was resynchronised', async () => {
  await using server = await startServer()
  const { device, token, iam } = await aUserWithDevice(server)
  await server.advance(3600_000)
  await assert.rejects(token(device.code(20)))
  const resync = (AuthenticationCode1: string, AuthenticationCode2: string) =>
    iam.send(new ResyncMFADeviceCommand({ UserName, SerialNumber, AuthenticationCode1, AuthenticationCode2 }))
  await assert.rejects(resync(device.code(20), device.code(22)), { name: 'InvalidAuthenticationCodeException' })
  await resync(device.code(20), device.code(21))
  await assert.rejects(token(device.code(0)))
  assert.ok((await token(device.code(22))).Credentials)
})

test('devices carry tags, and a user has eight of them at most', async () => {
  await using server = await startServer()
  const iam = server.client(IAMClient)
  await iam.send(new CreateUserCommand({ UserName }))
  const Tags = [{ Key: 'colour', Value: 'red' }]
  await aDevice(server)
  await iam.send(new TagMFADeviceCommand({ SerialNumber, Tags }))
  assert.deepEqual((await iam.send(new ListMFADeviceTagsCommand({ SerialNumber }))).Tags, Tags)
  await iam.send(new UntagMFADeviceCommand({ SerialNumber, TagKeys: ['Colour'] }))
  assert.deepEqual((await iam.send(new ListMFADeviceTagsCommand({ SerialNumber }))).Tags, [])
  const add = async (name: string) => {
    const device = await aDevice(server, name)
    await enable(iam, device.code(-1), device.code(0), device.serialNumber)
  }
  for (let i = 0; i < 8; i++) await add(`device${i}`)
  await assert.rejects(add('ninth'), { name: 'LimitExceededException' })
})

function enable(iam: IAMClient, AuthenticationCode1: string, AuthenticationCode2: string, serialNumber = SerialNumber) {
  return iam.send(
    new EnableMFADeviceCommand({ UserName, SerialNumber: serialNumber, AuthenticationCode1, AuthenticationCode2 }),
  )
}

/** A new device, and the codes that it shows so many half minutes from now. */
async function aDevice(server: TestServer, VirtualMFADeviceName = 'ann') {
  const iam = server.client(IAMClient)
  const { VirtualMFADevice } = await iam.send(
    new CreateVirtualMFADeviceCommand({ Path: '/phones/', VirtualMFADeviceName }),
  )
  const text = Buffer.from(VirtualMFADevice!.Base32StringSeed!).toString()
  assert.match(text, /^[A-Z2-7]{64}$/)
  assert.equal(Buffer.from(VirtualMFADevice!.QRCodePNG!).subarray(1, 4).toString(), 'PNG')
  const seed = fromBase32(text)
  return {
    serialNumber: VirtualMFADevice!.SerialNumber!,
    code: (later: number) => codeOf(seed, codeNumberAt(server.house.clock.now()) + later),
  }
}

/** A user with an enabled device, and how it asks for temporary credentials with a code. */
async function aUserWithDevice(server: TestServer) {
  const iam = server.client(IAMClient)
  await iam.send(new CreateUserCommand({ UserName }))
  const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess'
  await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
  const device = await aDevice(server)
  await enable(iam, device.code(-1), device.code(0))
  const credentials = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
  const sts = server.client(STSClient, { credentials })
  return {
    iam,
    device,
    token: (TokenCode: string) => sts.send(new GetSessionTokenCommand({ SerialNumber, TokenCode })),
  }
}

function fromBase32(text: string): Buffer {
  const bits = Array.from(text, (letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}
