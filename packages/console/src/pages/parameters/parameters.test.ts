import assert from 'node:assert/strict'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { GetResourcePoliciesCommand, SSMClient } from '@aws-sdk/client-ssm'
import { ParameterStore } from '@steward/server/capabilities/parameters/testing/parameter-store.ts'
import type { Page } from 'playwright-core'
import { Console } from '#testing/console.ts'

const SECRET = 'correct horse battery staple'

/** All that the page shows, and all that this browser keeps. */
async function everything(page: Page): Promise<string> {
  return page.evaluate(
    'document.documentElement.outerHTML + JSON.stringify(localStorage) + JSON.stringify(sessionStorage)',
  )
}

test('PS-01 PS-05 CON-08 a secret is created, revealed for a while, changed, compared and renamed', async () => {
  await using console = await Console.signedIn('/parameters')
  const { page, server } = console
  const store = new ParameterStore(server)
  await page.getByRole('link', { name: 'Create parameter' }).first().click()
  await page.getByLabel('Name', { exact: true }).fill('/shop/db/password')
  await page.getByText('SecureString', { exact: true }).click()
  await page.getByRole('textbox', { name: 'Value', exact: true }).fill(SECRET)
  await page.getByLabel('Allowed pattern').fill('[a-z]+')
  await page.getByText('The value does not match.').waitFor()
  await page.getByLabel('Allowed pattern').fill('[a-z ]+')
  await page.getByText('The value matches.').waitFor()
  assert.deepEqual(await console.accessibilityFaults(), [])
  await console.shot('parameters-new')
  await page.getByRole('button', { name: 'Create parameter' }).click()

  await page.getByRole('heading', { name: '/shop/db/password', level: 1 }).waitFor()
  await page.getByText('••••').waitFor()
  assert.equal(await store.value('/shop/db/password'), SECRET)
  assert.ok(!(await everything(page)).includes(SECRET), 'nobody asked for it')
  await page.getByRole('button', { name: 'Reveal' }).click()
  await page.getByText(SECRET).waitFor()
  assert.deepEqual(await console.accessibilityFaults(), [])
  await console.shot('parameters-secret')
  await page.getByRole('tab', { name: 'Readers' }).click()
  await page.getByText('GetParameter', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Hide' }).click()
  await page.getByText('••••').waitFor()
  assert.ok(!(await everything(page)).includes(SECRET), 'it is gone from the page')

  await page.getByRole('link', { name: 'Edit', exact: true }).click()
  await page.getByRole('button', { name: 'Save new version' }).click()
  await page.getByText('A value has at least one character.').waitFor()
  await page.getByRole('textbox', { name: 'Value', exact: true }).fill('another horse')
  await page.getByRole('button', { name: 'Save new version' }).click()
  await page.getByText('/shop/db/password is at version 2.').waitFor()
  assert.equal(await store.value('/shop/db/password:2'), 'another horse')

  for (const version of ['1', '2']) await page.getByRole('checkbox', { name: `Select ${version}`, exact: true }).check()
  await page.getByRole('button', { name: 'Compare' }).click()
  await page.getByRole('button', { name: 'Reveal both' }).click()
  await page.getByText('another').first().waitFor()
  await console.shot('parameters-compare')

  await page.getByRole('button', { name: 'Actions' }).first().click()
  await page.getByRole('menuitem', { name: 'Rename' }).click()
  await page.getByLabel('New name').fill('/shop/db/secret')
  await page.getByRole('button', { name: 'Rename' }).click()
  await page.getByRole('heading', { name: '/shop/db/secret', level: 1 }).waitFor()
  assert.equal(await store.value('/shop/db/secret'), 'another horse')
  await assert.rejects(store.get('/shop/db/password'), { name: 'ParameterNotFound' })
})

test('PS-05 what was revealed is gone with the page', async () => {
  await using console = await Console.open()
  const { page, server } = console
  await new ParameterStore(server).put('/a', SECRET, { Type: 'SecureString' })
  await console.signIn('/parameters/show?name=/a')
  await page.getByRole('button', { name: 'Reveal' }).click()
  await page.getByText(SECRET).waitFor()
  await page.getByRole('link', { name: 'Parameters' }).first().click()
  await page.getByRole('heading', { name: 'Parameters', level: 1 }).waitFor()
  await page.goBack()
  await page.getByText('••••').waitFor()
  assert.ok(!(await everything(page)).includes(SECRET))
})

test('CON-07 PS-12 many parameters are looked through by path, by word and in pages, and deleted together', async () => {
  await using console = await Console.open()
  const { page, server } = console
  const store = new ParameterStore(server)
  const names = Array.from({ length: 120 }, (_, index) => `/fleet/node-${String(index).padStart(3, '0')}/role`)
  for (let first = 0; first < names.length; first += 20) {
    await Promise.all(names.slice(first, first + 20).map((name) => store.put(name, 'web')))
  }
  await store.put('/shop/<img src=x>'.replace(/[<> =]/g, '_'), 'v', { Description: '<img src=x onerror=alert(1)>' })
  await console.signIn('/parameters')
  await page.getByText('2 folders and 0 parameters here, 121 parameters in all.').waitFor()
  assert.deepEqual(await console.accessibilityFaults(), [])
  await console.shot('parameters-tree')
  await page.getByRole('link', { name: 'fleet/' }).click()
  await page.getByRole('link', { name: 'node-000/' }).waitFor()
  await page.getByRole('button', { name: 'Next page' }).click()
  await page.getByRole('link', { name: 'node-050/' }).waitFor()
  assert.match(page.url(), /path=%2Ffleet&page=2/)
  await page.reload()
  await page.getByRole('link', { name: 'node-050/' }).waitFor()
  await page.getByText('Table', { exact: true }).click()
  await page.getByRole('link', { name: '/fleet/node-000/role' }).waitFor()
  await page.getByRole('combobox', { name: /Find parameters/ }).fill('node-11')
  await page.keyboard.press('Enter')
  await page.getByText('10 matches').first().waitFor()
  await console.shot('parameters-table')
  await page.getByRole('checkbox', { name: 'Select /fleet/node-110/role' }).check()
  await page.getByRole('checkbox', { name: 'Select /fleet/node-111/role' }).check()
  await page.getByRole('button', { name: 'Actions' }).click()
  await page.getByRole('menuitem', { name: 'Show who reads them' }).click()
  await page.getByText('2 of 2 not read in the last 90 days').waitFor()
  await console.shot('parameters-unused')
  await page.getByRole('button', { name: 'Close', exact: true }).click()
  await page.getByRole('button', { name: 'Actions' }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await page.getByText('Delete 2 parameters?').waitFor()
  await page.getByLabel('To confirm, type delete').fill('delete')
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await page.getByText('8 matches').first().waitFor()
  await assert.rejects(store.get('/fleet/node-110/role'), { name: 'ParameterNotFound' })
})

test('PS-07 PS-11 versions are labelled and put in force again; others’ changes show by themselves', async () => {
  await using console = await Console.open()
  const { page, server } = console
  const store = new ParameterStore(server)
  await store.put('/a', 'one')
  await store.put('/a', 'two', { Overwrite: true })
  await store.label('/a', ['production'], 2)
  await console.signIn('/parameters/show?name=/a')
  await page.getByRole('checkbox', { name: 'Select 1', exact: true }).check()
  await page.getByRole('button', { name: 'Actions' }).last().click()
  await page.getByRole('menuitem', { name: 'Change labels' }).click()
  await page.getByLabel('Add a label').fill('production')
  await page.keyboard.press('Enter')
  await page.getByText('moves from version 2').waitFor()
  await page.getByRole('button', { name: 'Save labels' }).click()
  await page.getByText('The labels are saved.').waitFor()
  assert.equal(await store.value('/a:production'), 'one')
  await page.getByRole('button', { name: 'Actions' }).last().click()
  await page.getByRole('menuitem', { name: 'Restore this version' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Restore this version' }).click()
  await page.getByText('The value of version 1 is the latest again.').waitFor()
  assert.equal(await store.value('/a'), 'one')
  await store.put('/a', 'by somebody else', { Overwrite: true })
  await page.getByText('by somebody else').first().waitFor()
})

test('X-12 whoever may not list, read or decrypt is told so, with the action that is missing', async () => {
  await using console = await Console.open()
  const { page, server } = console
  await new ParameterStore(server).put('/a', SECRET, { Type: 'SecureString' })
  await console.signInLimited('/parameters')
  await page.getByText('ssm:DescribeParameters').first().waitFor()
  assert.deepEqual(await console.accessibilityFaults(), [])
  await console.shot('parameters-forbidden')
  await console.signOut()
  await console.signInLimited('/parameters/show?name=/a', 'ssm:DescribeParameters')
  await page.getByRole('button', { name: 'Reveal' }).click()
  await page.getByText(/not authorized to perform: ssm:GetParameter /).waitFor()
  assert.ok(!(await everything(page)).includes(SECRET))

  await console.signOut()
  await console.signInLimited('/parameters/show?name=/a', 'ssm:GetParameter')
  await page.getByRole('button', { name: 'Reveal' }).click()
  await page.getByText(SECRET).waitFor()
  await page.getByText(/not authorized to perform: ssm:GetParameterHistory /).waitFor()
  await console.shot('parameters-reader')
})

test('PS-16 PS-17 public parameters are looked through; an Advanced one is shared, and no longer', async () => {
  await using console = await Console.open()
  const { page, server } = console
  const store = new ParameterStore(server)
  await store.put('/shop/colour', 'blue', { Tier: 'Advanced' })
  await console.signIn('/parameters')
  await page.getByText('Public', { exact: true }).click()
  await page.getByRole('link', { name: 'global-infrastructure/' }).waitFor()
  await console.shot('parameters-public')
  await page.getByRole('link', { name: 'steward/' }).click()
  await page.getByRole('link', { name: 'agent/' }).click()
  await page.getByRole('link', { name: 'latest' }).click()
  await page.getByRole('heading', { name: '/aws/service/steward/agent/latest' }).waitFor()
  await page
    .getByText((await store.value('/aws/service/steward/agent/latest'))!)
    .first()
    .waitFor()
  await console.shot('parameters-public-one')
  assert.deepEqual(await console.accessibilityFaults(), [])

  await console.go('/parameters/show?name=/shop/colour&tab=sharing')
  await page.getByText('Not shared').waitFor()
  await page.getByRole('button', { name: 'Share', exact: true }).click()
  await page.getByRole('textbox', { name: 'With whom' }).fill('222222222222, nobody')
  await page.getByRole('textbox', { name: 'With whom' }).blur()
  await page.getByText('nobody is neither').waitFor()
  await page.getByRole('textbox', { name: 'With whom' }).fill('222222222222')
  await console.shot('parameters-share')
  assert.deepEqual(await console.accessibilityFaults(), [])
  await page.getByRole('dialog').getByRole('button', { name: 'Share' }).click()
  await page.getByText('/shop/colour is shared.').waitFor()
  const ssm = server.client(SSMClient)
  const ResourceArn = 'arn:aws:ssm:us-east-1:000000000000:parameter/shop/colour'
  const { Policies = [] } = await ssm.send(new GetResourcePoliciesCommand({ ResourceArn }))
  assert.match(Policies[0]!.Policy!, /222222222222.*ssm:GetParameters/)
  await page.getByRole('checkbox', { name: `Select ${Policies[0]!.PolicyId}` }).check()
  await page.getByRole('button', { name: 'Change', exact: true }).click()
  await page.getByRole('textbox', { name: 'Resource policy' }).click()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText(Policies[0]!.Policy!.replace('222222222222', '333333333333'))
  await page.getByRole('button', { name: 'Save policy' }).click()
  await page.getByText('333333333333').first().waitFor()
  await page.getByRole('button', { name: 'Stop sharing' }).click()
  await console.shot('parameters-sharing')
  await page.getByRole('dialog').getByRole('button', { name: 'Stop sharing' }).click()
  await page.getByText('Not shared').waitFor()
})

test('PS-15 a secret that is kept elsewhere is opened by its name, and revealed only when asked for', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'steward-secrets-'))
  await writeFile(join(folder, 'db'), SECRET, { mode: 0o600 })
  await using console = await Console.signedIn('/parameters', { env: { STEWARD_SECRETS_URL: `file://${folder}` } })
  const { page } = console
  await page.getByText('Secrets elsewhere', { exact: true }).click()
  await page.getByRole('textbox', { name: 'Name of the secret' }).fill('db')
  await page.getByText('/aws/reference/secretsmanager/db').waitFor()
  assert.deepEqual(await console.accessibilityFaults(), [])
  await console.shot('parameters-secrets')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'db', level: 1 }).waitFor()
  await page.getByText('••••').waitFor()
  assert.ok(!(await everything(page)).includes(SECRET), 'nobody asked for it')
  await page.getByRole('button', { name: 'Reveal' }).click()
  await page.getByText(SECRET).waitFor()
  assert.deepEqual(await console.accessibilityFaults(), [])
  await console.shot('parameters-secret-elsewhere')
  await console.go('/parameters/show?name=/aws/reference/secretsmanager/none')
  await page.getByRole('button', { name: 'Reveal' }).click()
  await page.getByText(/Secret aws\/reference\/secretsmanager\/nonenull not found/).waitFor()
  await console.go('/settings')
  await page.getByText(`file://${folder}, which answers in`).waitFor()
})

test('PS-17 what other accounts share is listed, and read by its ARN', async () => {
  await using console = await Console.open()
  const { page } = console
  const ARN = 'arn:aws:ssm:us-east-1:222222222222:parameter/shop/colour'
  const about = {
    Name: '/shop/colour',
    ARN,
    Type: 'String',
    Version: 3,
    LastModifiedDate: 1795317813,
    DataType: 'text',
  }
  // An installation has one account so far, so the other one's part is played here.
  await page.route(
    (url) => url.pathname === '/',
    async (route) => {
      const target = route.request().headers()['x-amz-target']
      const body = route.request().postData() ?? ''
      if (target === 'AmazonSSM.DescribeParameters' && body.includes('"Shared":true'))
        return route.fulfill({ json: { Parameters: [{ ...about, Tier: 'Advanced', Policies: [] }] } })
      if (target === 'AmazonSSM.GetParameter' && body.includes(ARN))
        return route.fulfill({ json: { Parameter: { ...about, Value: 'marigold' } } })
      return route.fallback()
    },
  )
  await console.signIn('/parameters')
  await page.getByText('Shared with you', { exact: true }).click()
  await page.getByText('222222222222').first().waitFor()
  assert.deepEqual(await console.accessibilityFaults(), [])
  await console.shot('parameters-shared')
  await page.getByRole('link', { name: '/shop/colour' }).click()
  await page.getByText('marigold').waitFor()
  await page.getByRole('heading', { name: '/shop/colour', level: 1 }).waitFor()
  assert.equal(await page.getByRole('link', { name: 'Edit', exact: true }).count(), 0)
  await console.shot('parameter-shared')
})
