import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CreateUserCommand, IAMClient } from '@aws-sdk/client-iam'
import {
  CreateDocumentCommand,
  DescribeDocumentCommand,
  DescribeDocumentPermissionCommand,
  GetDocumentCommand,
  ListTagsForResourceCommand,
  SendCommandCommand,
  SSMClient,
  UpdateDocumentCommand,
} from '@aws-sdk/client-ssm'
import { Console } from '#testing/console.ts'

const contentOf = (seconds: number, description = 'Rotates logs.') => `schemaVersion: "2.2"
description: ${JSON.stringify(description)}
parameters:
  Service:
    type: String
    description: Whose logs.
    allowedValues: [nginx, caddy]
mainSteps:
  - name: rotate
    action: aws:runShellScript
    onFailure: exit
    inputs:
      timeoutSeconds: ${seconds}
      runCommand:
        - logrotate {{ Service }}
`

async function withDocument({ server }: Console, Name: string, ...seconds: number[]): Promise<SSMClient> {
  const ssm = server.client(SSMClient)
  const DocumentFormat = 'YAML'
  for (const [index, each] of seconds.entries()) {
    const document = { Name, DocumentFormat, Content: contentOf(each) } as const
    await ssm.send(
      index === 0
        ? new CreateDocumentCommand(document)
        : new UpdateDocumentCommand({ ...document, DocumentVersion: '$LATEST' }),
    )
  }
  return ssm
}

test('DOC-20 a document is written with the help of its schema, and saved once nothing is wrong', async () => {
  await using console = await Console.signedIn('/documents')
  const { page, server } = console
  await page.getByRole('link', { name: 'AWS-RunShellScript' }).waitFor()
  await console.shot('documents')
  assert.deepEqual(await console.accessibilityFaults(), [])

  await page.getByRole('link', { name: 'Create document' }).click()
  await page.getByText('No problems').waitFor()
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('AWS-Mine')
  await page.getByText('Names that begin with aws').waitFor()
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Say-Hello')

  const editor = page.getByRole('textbox', { name: 'Content of the document' })
  await editor.click()
  await page.keyboard.press('Control+End')
  await page.keyboard.type('  - act')
  await page.getByRole('option', { name: /^action/ }).click()
  await page.keyboard.type('aws:runPow')
  await page.getByRole('option', { name: /aws:runPowerShellScript/ }).click()
  await page.getByText('1 error').waitFor()
  await console.shot('documents-problems')
  assert.deepEqual(await console.accessibilityFaults(), [])

  await page.getByRole('region', { name: 'Problems' }).getByRole('button', { name: 'Line 20' }).click()
  await page.keyboard.press('End')
  await page.keyboard.type('\nname: more\ninputs:\nruncommand: [Get-Date]')
  await page.getByRole('region', { name: 'Problems' }).getByText('“runcommand” is not known here.').waitFor()
  await page.reload()
  await page.getByText('This is the text that you did not save before.').waitFor()
  await page.getByRole('button', { name: 'Discard it' }).click()
  await page.getByText('No problems').waitFor()
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Say-Hello')
  await page.getByRole('button', { name: 'JSON' }).click()
  await page.getByText('"schemaVersion"').waitFor()
  await page.getByRole('button', { name: 'Create document' }).click()

  await page.getByText('Say-Hello is created.').waitFor()
  await page.getByRole('heading', { name: 'Say-Hello' }).waitFor()
  await page.getByRole('tab', { name: 'Steps' }).click()
  await page.getByText('Runs a shell script.').waitFor()
  await console.shot('documents-steps')
  const { Document } = await server.client(SSMClient).send(new DescribeDocumentCommand({ Name: 'Say-Hello' }))
  assert.equal(Document?.DocumentFormat, 'JSON')
})

test('what has the name of a page, or one that a path cannot hold, is opened by its link', async () => {
  await using console = await Console.signedIn()
  const { page, server } = console
  await withDocument(console, 'new', 10)
  await console.go('/documents')
  const iam = server.client(IAMClient)
  await iam.send(new CreateUserCommand({ UserName: '..' }))
  await page.getByRole('link', { name: 'new', exact: true }).click()
  await page.getByRole('heading', { name: 'new', level: 1 }).waitFor()
  await page.reload()
  await page.getByText('Rotates logs.').first().waitFor()

  await console.go('/access/users')
  await page.getByRole('link', { name: '..', exact: true }).click()
  await page.reload()
  await page.getByText('user/..').first().waitFor()
})

test('DOC-10 DOC-11 versions are written, compared, made the default and deleted', async () => {
  await using console = await Console.signedIn('/documents')
  const { page } = console
  const ssm = await withDocument(console, 'Rotate-Logs', 60, 120)
  await page.getByRole('link', { name: 'Rotate-Logs' }).click()
  await page.getByText('logrotate {{ Service }}').waitFor()
  await console.shot('documents-content')
  assert.deepEqual(await console.accessibilityFaults(), [])
  await page.getByRole('tab', { name: 'Parameters' }).click()
  await page.getByText('nginx, caddy').waitFor()
  await console.shot('documents-parameters')

  await page.getByRole('button', { name: 'Actions' }).click()
  await page.getByRole('menuitem', { name: 'Edit' }).click()
  await page.getByText('What you save becomes a version of its own; version 2 stays as it is.').waitFor()
  await page.getByText('timeoutSeconds').click()
  await page.keyboard.press('End')
  await page.keyboard.type('0')
  await page.getByRole('button', { name: 'Changes' }).click()
  await page.locator('.cm-deletedLine, .cm-changedLine').first().waitFor()
  await console.shot('documents-edit')
  assert.deepEqual(await console.accessibilityFaults(), [])
  await page.getByText('Set as default version').click()
  await page.getByRole('button', { name: 'Save new version' }).click()
  await page.getByText('Version 3 of Rotate-Logs is saved, and the default now.').waitFor()
  const { Content } = await ssm.send(new GetDocumentCommand({ Name: 'Rotate-Logs', DocumentFormat: 'YAML' }))
  assert.equal(Content, contentOf(1200))

  await page.getByRole('tab', { name: 'Versions' }).click()
  await page.getByRole('link', { name: 'Since version 2' }).click()
  await page.getByRole('heading', { name: 'Version 2 and version 3' }).waitFor()
  await page.getByText('1200').waitFor()
  assert.match(page.url(), /compare=2-3/)
  await console.shot('documents-versions')
  assert.deepEqual(await console.accessibilityFaults(), [])

  await page.getByRole('checkbox', { name: 'Select 1', exact: true }).check({ force: true })
  await page.getByRole('tabpanel').getByRole('button', { name: 'Actions' }).click()
  await page.getByRole('menuitem', { name: 'Delete version' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete version' }).click()
  await page.getByText('Version 1 is deleted.').waitFor()
  await page.getByText('First version').waitFor()
})

test('DOC-11 whoever writes is told when somebody else was quicker', async () => {
  await using console = await Console.signedIn()
  const { page } = console
  const ssm = await withDocument(console, 'Rotate-Logs', 60)
  await console.go('/documents/edit?name=Rotate-Logs')
  await page.getByText('logrotate').waitFor()
  const quicker = { Name: 'Rotate-Logs', DocumentVersion: '1', DocumentFormat: 'YAML', Content: contentOf(90) } as const
  await ssm.send(new UpdateDocumentCommand(quicker))
  await page.getByText('Version 2 was made while you were writing.').waitFor()
  assert.equal(await page.getByText('timeoutSeconds: 60').count(), 1)
  await console.shot('documents-outdated')
})

test('DOC-15 DOC-17 a document is shared, tagged, run, and deleted after its name was typed', async () => {
  await using console = await Console.signedIn()
  const { page, server } = console
  const ssm = await withDocument(console, 'Rotate-Logs', 60)
  const node = await server.fakeNode()
  const Parameters = { Service: ['caddy'] }
  const { Command } = await ssm.send(
    new SendCommandCommand({ DocumentName: 'Rotate-Logs', InstanceIds: [node.id], Parameters }),
  )
  await console.go('/documents/show?name=Rotate-Logs&tab=runs')
  await page.getByRole('link', { name: Command!.CommandId! }).waitFor()
  await console.shot('documents-runs')
  assert.deepEqual(await console.accessibilityFaults(), [])

  await page.getByRole('tab', { name: 'Sharing' }).click()
  await page.getByRole('button', { name: 'Share', exact: true }).first().click()
  await page.getByRole('textbox', { name: 'Account ids' }).fill('210987654321')
  await page.getByRole('radio', { name: 'The latest version' }).check()
  await console.shot('documents-share')
  assert.deepEqual(await console.accessibilityFaults(), [])
  await page.getByRole('dialog').getByRole('button', { name: 'Share', exact: true }).click()
  await page.getByText('The document is shared.').waitFor()
  await page.getByRole('rowheader', { name: '210987654321' }).waitFor()
  const shares = await ssm.send(new DescribeDocumentPermissionCommand({ Name: 'Rotate-Logs', PermissionType: 'Share' }))
  assert.deepEqual(shares.AccountSharingInfoList, [{ AccountId: '210987654321', SharedDocumentVersion: '$LATEST' }])

  await page.getByRole('button', { name: 'Actions' }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await page.getByText('It is shared. Stop sharing it first.').waitFor()
  await page.getByText('1 version, 1 command ran it').waitFor()
  await console.shot('documents-delete')
  assert.deepEqual(await console.accessibilityFaults(), [])
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('checkbox', { name: 'Select 210987654321' }).check({ force: true })
  await page.getByRole('button', { name: 'Stop sharing' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Stop sharing' }).click()
  await page.getByText('Only this account can use the document.').waitFor()

  await page.getByRole('tab', { name: 'Tags' }).click()
  await page.getByRole('button', { name: 'Manage tags' }).click()
  await page.getByRole('button', { name: 'Add new tag' }).click()
  await page.getByRole('combobox', { name: 'Key' }).fill('team')
  await page.getByRole('combobox', { name: /Value/ }).fill('web')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Save tags' }).click()
  await page.getByText('The tags are saved.').waitFor()
  const tagged = { ResourceType: 'Document', ResourceId: 'Rotate-Logs' } as const
  assert.deepEqual((await ssm.send(new ListTagsForResourceCommand(tagged))).TagList, [{ Key: 'team', Value: 'web' }])

  assert.match(
    (await page.getByRole('link', { name: 'Run command', exact: true }).getAttribute('href'))!,
    /commands\/run\?document=Rotate-Logs$/,
  )
  await page.getByRole('button', { name: 'Actions' }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await page.getByRole('textbox', { name: 'To confirm, type Rotate-Logs' }).fill('Rotate-Logs')
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await page.getByText('Rotate-Logs is deleted.').waitFor()
  await page.getByRole('link', { name: 'AWS-RunShellScript' }).waitFor()
  assert.equal(await page.getByRole('link', { name: 'Rotate-Logs' }).count(), 0)
})

test('DOC-16 DOC-20 documents are found by owner, platform and tag, marked, and cloned; the address says what is shown', async () => {
  await using console = await Console.signedIn('/documents?owner=own')
  const { page, server } = console
  await page.getByText('No documents here').waitFor()
  await console.shot('documents-empty')
  await withDocument(console, 'Rotate-Logs', 60)
  await page.getByRole('link', { name: 'Rotate-Logs' }).waitFor()

  await page.goto(`${server.url}/console/documents?f=platforms~:~macOS&f=type~=~Command`)
  await page.getByRole('link', { name: 'AWS-RunShellScript' }).waitFor()
  assert.equal(await page.getByRole('link', { name: 'AWS-RunDocument' }).count(), 0)
  await page.getByRole('button', { name: 'Add AWS-RunShellScript to the favourites' }).click()
  await page.goto(`${server.url}/console/documents?owner=favourites`)
  await page.getByRole('link', { name: 'AWS-RunShellScript' }).click()
  await page.getByText('(Required) The lines of the shell script to run.').waitFor()
  await page.getByRole('button', { name: 'Actions' }).click()
  await page.getByRole('menuitem', { name: 'Clone' }).click()
  await page.getByText('No problems').waitFor()
  await page.getByRole('button', { name: 'Create document' }).click()
  await page.getByText('RunShellScript-copy is created.').waitFor()
})

test('SM-04 a document for shells leads to a shell with it', async () => {
  await using console = await Console.signedIn()
  const { page, server } = console
  const Content = 'schemaVersion: "1.0"\nsessionType: Standard_Stream\ninputs:\n  idleSessionTimeout: 20\n'
  const document = { Name: 'Team-Shell', DocumentType: 'Session', DocumentFormat: 'YAML', Content } as const
  await server.client(SSMClient).send(new CreateDocumentCommand(document))
  await console.go('/documents/show?name=Team-Shell')
  const start = page.getByRole('link', { name: 'Start session' })
  assert.match((await start.getAttribute('href'))!, /\/sessions\/shell\?new&document=Team-Shell$/)
  await console.go('/documents/show?name=AWS-StartSSHSession')
  await page.getByText('Carries a connection of SSH to the node.').first().waitFor()
  await page.getByText('"sessionType"').waitFor()
  assert.equal(await start.count(), 0)
})

test('CON-09 a document is created with the keyboard alone', async () => {
  await using console = await Console.signedIn('/documents/new')
  const { page, server } = console
  await page.getByText('No problems').waitFor()
  await page.getByRole('textbox', { name: 'Name', exact: true }).focus()
  await page.keyboard.type('By-Keys')
  await tabTo(console, 'Content of the document')
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Delete')
  await page.keyboard.insertText(contentOf(30))
  await page.getByText('No problems').waitFor()
  // The first one closes the list of suggestions, if there is one.
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await tabTo(console, 'Create document')
  await page.keyboard.press('Enter')
  await page.getByText('By-Keys is created.').waitFor()
  const { Content } = await server
    .client(SSMClient)
    .send(new GetDocumentCommand({ Name: 'By-Keys', DocumentFormat: 'YAML' }))
  assert.equal(Content, contentOf(30))
})

test('X-18 who may only list is told what is refused, in each part', async () => {
  await using console = await Console.open()
  const { page, server } = console
  const hostile = '<img src=x onerror=alert(1)>'
  await server
    .client(SSMClient)
    .send(new CreateDocumentCommand({ Name: 'Theirs', DocumentFormat: 'YAML', Content: contentOf(1, hostile) }))
  await console.signInLimited('/documents/show?name=Theirs', 'ssm:ListDocuments', 'ssm:DescribeDocument')
  await page.getByText(hostile).waitFor()
  await page.getByText(/is not authorized to perform: ssm:GetDocument/).waitFor()
  await console.shot('documents-forbidden')
  assert.deepEqual(await console.accessibilityFaults(), [])
  await page.getByRole('tab', { name: 'Versions' }).click()
  await page.getByText(/is not authorized to perform: ssm:ListDocumentVersions/).waitFor()
  await console.go('/documents/new')
  await page.getByText('Not checked: you may not use steward:ValidateDocument.').waitFor()
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Mine')
  await page.getByRole('button', { name: 'Create document' }).click()
  await page.getByText(/is not authorized to perform: ssm:CreateDocument/).waitFor()
})

/** What the keyboard is on, by its name. */
const FOCUSED = `(() => {
  let at = document.activeElement
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
  return at?.getAttribute('aria-label') ?? at?.textContent
})()`

/** Presses Tab until the keyboard is on what has that name. */
async function tabTo({ page }: Console, name: string): Promise<void> {
  for (let presses = 0; presses < 40; presses += 1) {
    if ((await page.evaluate(FOCUSED)) === name) return
    await page.keyboard.press('Tab')
  }
  throw new Error('The keyboard does not get there.')
}
