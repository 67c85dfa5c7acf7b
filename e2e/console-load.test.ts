/** What a browser has to load, and how long people wait, counted by a browser. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { addManyNodes } from '@steward/server/capabilities/nodes/testing/many-nodes.ts'
import { openDatabase } from '@steward/server/db/open.ts'
import type { Page } from 'playwright-core'
import { buildConsole, ConsolePage } from './console-page.ts'
import { Installation } from './installation.ts'
import { signInLink } from './sign-in-link.ts'

const NODES = 10_000
const TRIES = 4
/** A second, and half of one for a machine that has other things to do. */
const PATIENCE_MS = 1_500

/** Bytes that came over the network, by the kind of file. */
async function countBytes(page: Page): Promise<Readonly<Record<'Script' | 'Stylesheet', number>>> {
  const counted = { Script: 0, Stylesheet: 0 }
  const kinds = new Map<string, string>()
  const devTools = await page.context().newCDPSession(page)
  await devTools.send('Network.enable')
  devTools.on('Network.responseReceived', ({ requestId, type }) => kinds.set(requestId, type))
  devTools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const kind = kinds.get(requestId)
    if (kind === 'Script' || kind === 'Stylesheet') counted[kind] += encodedDataLength
  })
  return counted
}

test('the first load is at most 400 kB of scripts and 250 kB of styles', async (t) => {
  buildConsole()
  await using steward = await Installation.start()
  await steward.startAgents(1)
  await using ui = await ConsolePage.open(steward.url)
  const counted = await countBytes(ui.page)
  await ui.page.goto(await signInLink(steward))
  await ui.heading('Home')
  await ui.page.getByRole('combobox', { name: 'Find anything' }).waitFor()
  await ui.page.getByRole('heading', { name: 'Needs attention' }).waitFor()
  t.diagnostic(`scripts ${counted.Script} bytes, styles ${counted.Stylesheet} bytes`)
  assert.ok(counted.Script <= 400_000 && counted.Script > 0, `${counted.Script} bytes of scripts`)
  assert.ok(counted.Stylesheet <= 250_000 && counted.Stylesheet > 0, `${counted.Stylesheet} bytes of styles`)
})

test('a fleet of 10,000 nodes is there, searched, sorted and grouped while nobody waits', async (t) => {
  buildConsole()
  await using steward = await Installation.start()
  await steward.stopServer()
  const database = openDatabase('', join(steward.folder, 'server', 'steward.db'))
  await addManyNodes(database, { account: '000000000000', region: steward.region }, NODES, new Date())
  await database.close()
  await steward.startServer()
  await using ui = await ConsolePage.open(steward.url)
  const { page } = ui
  await page.goto(await signInLink(steward))
  await ui.heading('Home')
  const nodesPage = async () => {
    await page.goto(`${steward.url}/console/nodes`)
    await page.getByText('(10,000)').waitFor()
  }

  const home = async () => {
    await page.goto(`${steward.url}/console/`)
    await page.getByText('10,000').first().waitFor()
  }
  await best('the page', home, async () => {
    await page.getByRole('navigation').getByRole('link', { name: 'Nodes', exact: true }).click()
    await page
      .getByRole('link', { name: /^web-\d+\.example$/ })
      .first()
      .waitFor()
  })
  await best('sorted', nodesPage, async () => {
    await page.getByText('Name', { exact: true }).first().click()
    await page.getByRole('link', { name: 'web-0.example' }).waitFor()
  })
  const asked = async () => {
    await nodesPage()
    await page.getByRole('combobox', { name: /^Search names/ }).fill('web-777')
  }
  await best('searched', asked, async () => {
    await page.keyboard.press('Enter')
    await page.getByText('11 matches').first().waitFor()
  })
  await ui.shot('nodes-10000')
  await best('grouped', nodesPage, async () => {
    await page.evaluate(`history.pushState(null, '', '/console/nodes?group=tag:rack')`)
    await page.getByRole('link', { name: 'r17' }).waitFor()
  })
  await ui.shot('nodes-10000-grouped')
  assert.deepEqual(ui.faults, [])

  /** Of some tries, since the machine may have other things to do at one of them; the data is read anew each time. */
  async function best(what: string, prepare: () => Promise<void>, work: () => Promise<void>): Promise<void> {
    const took: number[] = []
    while (took.length < TRIES && !took.some((milliseconds) => milliseconds < PATIENCE_MS)) {
      await prepare()
      const began = performance.now()
      await work()
      took.push(Math.round(performance.now() - began))
    }
    t.diagnostic(`${what}: ${took.join(', ')} ms`)
    assert.ok(Math.min(...took) < PATIENCE_MS, `${what} took ${took.join(', ')} ms`)
  }
})
