import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CreateUserCommand, IAMClient } from '@aws-sdk/client-iam'
import { DeleteParameterCommand, PutParameterCommand, SendCommandCommand, SSMClient } from '@aws-sdk/client-ssm'
import { Console } from '#testing/console.ts'

test('CON-08 X-20 calls are found, narrowed, followed to their effects, and the trail is verified', async () => {
  await using ui = await Console.signedIn('/audit')
  const { server, page } = ui
  const ssm = server.client(SSMClient)
  const node = await server.fakeNode()
  node.autoRun()
  await ssm.send(new PutParameterCommand({ Name: '/app/colour', Type: 'String', Value: 'red' }))
  await assert.rejects(ssm.send(new DeleteParameterCommand({ Name: '/app/none' })))
  await ssm.send(
    new SendCommandCommand({
      DocumentName: 'AWS-RunShellScript',
      InstanceIds: [node.id],
      Parameters: { commands: ['true'] },
    }),
  )
  await server.settle()

  // What came before the stream was open is read again by itself; what comes afterwards is only counted.
  const news = page.getByRole('button', { name: /newer change/ })
  const sent = page.getByRole('link', { name: 'SendCommand' })
  await news.or(sent).first().waitFor()
  await server.client(IAMClient).send(new CreateUserCommand({ UserName: 'ann' }))
  await news.click()
  await sent.waitFor()
  assert.deepEqual(await ui.accessibilityFaults(), [])
  await ui.shot('audit')

  await page.getByRole('button', { name: 'Refused and failed' }).click()
  await page.getByRole('link', { name: 'DeleteParameter' }).waitFor()
  await page.getByRole('link', { name: 'SendCommand' }).waitFor({ state: 'detached' })
  assert.match(page.url(), /view=refused/)
  await page.getByRole('button', { name: 'Everything' }).click()
  await page.getByRole('combobox', { name: 'Find calls' }).fill('colour')
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: 'PutParameter' }).waitFor()
  await page.getByRole('link', { name: 'DeleteParameter' }).waitFor({ state: 'detached' })
  await page.reload()
  await page.getByRole('link', { name: 'PutParameter' }).waitFor()

  await page.goto(`${server.url}/console/audit`)
  assert.equal(await page.getByRole('columnheader', { name: 'Time' }).getAttribute('aria-sort'), 'descending')
  await page.getByRole('link', { name: 'SendCommand' }).click()
  await page.getByText('Command with AWS-RunShellScript').waitFor()
  await page.getByRole('link', { name: node.id }).first().waitFor()
  assert.deepEqual(await ui.accessibilityFaults(), [])
  await ui.shot('audit-thread')

  await ui.go('/audit/verify')
  await page.getByRole('button', { name: 'Verify now' }).click()
  await page.getByText('The trail is whole').waitFor()
  assert.deepEqual(await ui.accessibilityFaults(), [])
  await ui.shot('audit-verify')
})

test('CON-08 who may not read the trail is told what is missing', async () => {
  await using ui = await Console.open()
  await ui.signInLimited('/audit')
  await ui.page.getByText('You may not see this.').waitFor()
  await ui.page.getByText('cloudtrail:LookupEvents').waitFor()
  assert.deepEqual(await ui.accessibilityFaults(), [])
  await ui.shot('audit-forbidden')
})
