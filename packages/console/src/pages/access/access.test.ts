import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam'
import { aPerson, PASSWORD, steward } from '@steward/server/capabilities/sign-in/testing/people.ts'
import type { TestServer } from '@steward/testkit'
import { Console } from '#testing/console.ts'

test('X-18 a person is made, gets a group, a policy, a key and a second factor, and the simulator says what it may do', async () => {
  await using console = await Console.signedIn('/access/users')
  const { page } = console

  await page.getByRole('button', { name: 'Create user' }).first().click()
  await page.getByRole('textbox', { name: 'User name' }).fill('ann')
  await page.getByLabel('A person who signs in here').check()
  await page.getByRole('button', { name: 'Suggest one' }).click()
  const password = await page.getByLabel('Password', { exact: true }).inputValue()
  assert.equal(password.length, 20)
  await console.shot('access-create-user')
  assert.deepEqual(await console.accessibilityFaults(), [])
  await page.getByRole('dialog').getByRole('button', { name: 'Create user' }).click()
  await page.getByRole('heading', { name: 'ann', level: 1 }).waitFor()

  await page.getByRole('button', { name: 'Attach policies' }).click()
  await page.getByRole('dialog').getByLabel('Find policies').fill('SSMReadOnly')
  await page.getByRole('dialog').getByText('AmazonSSMReadOnlyAccess', { exact: true }).click()
  await console.shot('access-attach')
  await page.getByRole('button', { name: 'Attach 1 policy' }).click()
  await page.getByRole('link', { name: 'AmazonSSMReadOnlyAccess' }).waitFor()
  await console.shot('access-user')
  assert.deepEqual(await console.accessibilityFaults(), [])

  await page.getByRole('tab', { name: 'Security' }).click()
  await page.getByRole('button', { name: 'Create access key' }).click()
  await page.getByText('The secret is shown only now').waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Command', exact: true }).click()
  await page.getByText('aws iam create-access-key --user-name ann', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'I have saved it' }).click()
  await page.getByRole('button', { name: 'Add authenticator app' }).click()
  await page.getByRole('button', { name: 'Show the code to scan' }).click()
  await page.getByRole('img', { name: 'Code with the secret' }).waitFor()
  const shown = page.getByRole('dialog').getByText(/^[A-Z2-7]{32,}$/)
  const seed = (await shown.first().textContent())!.trim()
  const now = Math.floor(console.server.house.clock.now().getTime() / 30_000)
  await page.getByLabel('First code').fill(codeOf(seed, now - 1))
  await page.getByLabel('The code after it').fill(codeOf(seed, now))
  await console.shot('access-mfa')
  await page.getByRole('button', { name: 'Enable', exact: true }).click()
  await page.getByText('arn:aws:iam::000000000000:mfa/ann').waitFor()
  await console.shot('access-user-security')
  assert.deepEqual(await console.accessibilityFaults(), [])

  await page.getByRole('link', { name: 'What may it do?' }).click()
  await page.getByRole('combobox', { name: 'Actions' }).fill('ssm:DescribeInstanceInformation')
  await page.keyboard.press('Enter')
  await page.getByRole('combobox', { name: 'Actions' }).fill('ssm:SendCommand')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Ask', exact: true }).click()
  await page.getByText('Allowed', { exact: true }).waitFor()
  await page.getByText('No statement of its policies allows it.').waitFor()
  await page.getByText('ssm:Describe*').first().waitFor()
  await page.getByText('No statement of its policies allows it.').scrollIntoViewIfNeeded()
  await console.shot('access-simulator')
  assert.deepEqual(await console.accessibilityFaults(), [])
})

test('a policy is written as a form, read as JSON, changed, compared and taken back', async () => {
  await using console = await Console.signedIn('/access/edit-policy')
  const { page } = console
  await page.getByLabel('Policy name').fill('run-on-web')
  await page.getByRole('combobox', { name: 'Actions' }).fill('ssm:SendCommand')
  await page.keyboard.press('Enter')
  await page.getByText('Allows ssm:SendCommand on anything').waitFor()
  await page.getByRole('button', { name: 'Add condition' }).click()
  await page.getByLabel('Values', { exact: true }).fill('web')
  await console.shot('access-edit-policy')
  assert.deepEqual(await console.accessibilityFaults(), [])
  await page.getByRole('button', { name: 'JSON' }).click()
  await page.getByText('"ssm:SendCommand"').waitFor()
  await console.shot('access-edit-policy-json')
  await page.getByRole('button', { name: 'Create policy' }).click()
  await page.getByRole('heading', { name: 'run-on-web', level: 1 }).waitFor()
  await console.shot('access-policy')

  await page.getByRole('button', { name: 'Edit' }).click()
  await page.getByRole('radio', { name: 'Deny' }).check()
  await page.getByRole('button', { name: 'Save as a new version' }).click()
  await page.getByRole('tab', { name: 'Versions' }).click()
  await page.getByRole('radio').last().check()
  await page.getByText('From v2 to v1').waitFor()
  await console.shot('access-policy-versions')
  await page.getByRole('button', { name: 'Put in force' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Put in force' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
})

test('who is signed in is listed, and signed out after a question', async () => {
  await using console = await Console.signedIn('/access')
  const { page, server } = console
  await aPerson(server, 'ann')
  await steward(server, 'SignIn', { UserName: 'ann', Password: PASSWORD })
  await page.getByRole('tab', { name: 'Signed in' }).click()
  await page.getByText('You', { exact: true }).waitFor()
  await console.shot('access-signed-in')
  assert.deepEqual(await console.accessibilityFaults(), [])
  await page.getByRole('button', { name: 'Sign out ann' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click()
  await page.getByText('ann is signed out.').waitFor()
  await page.getByRole('link', { name: 'ann', exact: true }).waitFor({ state: 'detached' })
})

test('groups, roles, providers and the account have their pages', async () => {
  await using console = await Console.signedIn('/access')
  const { page } = console
  await page.getByText('Three of: upper case').waitFor()
  await console.shot('access-overview')
  assert.deepEqual(await console.accessibilityFaults(), [])

  await page.getByRole('tab', { name: 'Groups' }).click()
  await page.getByRole('button', { name: 'Create group' }).first().click()
  await page.getByRole('textbox', { name: 'Group name' }).fill('operators')
  await page.getByRole('dialog').getByRole('button', { name: 'Create group' }).click()
  await page.getByRole('heading', { name: 'operators', level: 1 }).waitFor()
  await page.getByText('Nobody is in it').waitFor()
  await console.shot('access-group')
  assert.deepEqual(await console.accessibilityFaults(), [])

  await console.go('/access/create-role')
  await page.getByText('An identity provider').waitFor()
  await page.getByLabel('Role name').fill('Operator')
  await console.shot('access-create-role')
  assert.deepEqual(await console.accessibilityFaults(), [])
  await page.getByRole('button', { name: 'Create role' }).click()
  await page.getByRole('heading', { name: 'Operator', level: 1 }).waitFor()
  await page.getByRole('tab', { name: 'Trust' }).click()
  await page.getByText('"sts:AssumeRole"').waitFor()
  await console.shot('access-role-trust')
  assert.deepEqual(await console.accessibilityFaults(), [])

  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Revoke sessions' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Command', exact: true }).click()
  await page.getByText('aws iam put-role-policy --role-name Operator').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Revoke sessions' }).click()
  await page.getByText('The sessions of Operator are revoked.').waitFor()

  await console.go('/access/groups')
  await page.getByRole('link', { name: 'operators', exact: true }).waitFor()
  await console.shot('access-groups')
  assert.deepEqual(await console.accessibilityFaults(), [])
  await console.go('/access/roles')
  await page.getByRole('link', { name: 'Operator', exact: true }).waitFor()
  await console.shot('access-roles')
  assert.deepEqual(await console.accessibilityFaults(), [])
  await console.go('/access/policies')
  await page.getByRole('link', { name: 'AdministratorAccess' }).waitFor()
  await console.shot('access-policies')
  assert.deepEqual(await console.accessibilityFaults(), [])
  await console.go('/access/providers')
  await page.getByText('There are no identity providers').waitFor()
  await console.shot('access-providers')
  assert.deepEqual(await console.accessibilityFaults(), [])
  await page.getByRole('button', { name: 'Add provider' }).click()
  await page.getByRole('textbox', { name: 'Issuer' }).fill('https://login.example.com')
  await page.getByRole('textbox', { name: 'Audience' }).fill('steward')
  await page.getByRole('textbox', { name: 'Thumbprint' }).fill('a'.repeat(40))
  assert.deepEqual(await console.accessibilityFaults(), [])
  await page.getByRole('dialog').getByRole('button', { name: 'Add provider' }).click()
  await page.getByRole('button', { name: 'Delete login.example.com' }).waitFor()
  assert.deepEqual(await console.accessibilityFaults(), [])
})

test('whoever may not look is told so, and where to ask why', async () => {
  await using console = await Console.open()
  const key = await aUserWhoMayOnlySignIn(console.server)
  await console.signIn('/access/users', key)
  await console.page.getByText('You may not see this.').waitFor()
  await console.page.getByRole('link', { name: 'Why is this refused?' }).waitFor()
  await console.shot('access-forbidden')
})

test('the pages fit a phone', async () => {
  await using console = await Console.signedIn('/access/users', { size: { width: 360, height: 740 } })
  await console.page.getByText('There are no users').waitFor()
  await console.shot('access-phone')
  await console.go('/access/edit-policy')
  await console.page.getByLabel('Policy name').waitFor()
  await console.shot('access-phone-policy')
})

async function aUserWhoMayOnlySignIn(server: TestServer) {
  const iam = server.client(IAMClient)
  await iam.send(new CreateUserCommand({ UserName: 'guest' }))
  const Statement = [{ Effect: 'Allow', Action: 'steward:CreateSignInLink', Resource: '*' }]
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  await iam.send(new PutUserPolicyCommand({ UserName: 'guest', PolicyName: 'sign-in', PolicyDocument }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'guest' }))
  return { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
}

/** What an authenticator app shows. */
function codeOf(seed: string, number: number): string {
  const bits = Array.from(seed, (letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  )
  const bytes = bits.join('').match(/.{8}/g)!
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(number))
  const mac = createHmac('sha1', Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2))))
    .update(counter)
    .digest()
  return String((mac.readUInt32BE(mac.at(-1)! & 0xf) & 0x7fff_ffff) % 1_000_000).padStart(6, '0')
}
