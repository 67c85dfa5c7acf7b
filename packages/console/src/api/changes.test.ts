import { test } from 'node:test'
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import type { Page, Request, Route } from 'playwright-core'
import { Console } from '#testing/console.ts'

interface Held {
  /** Resolves once the request waits. */
  readonly waits: Promise<void>
  letGo(): void
}

function targetOf(request: Request): string {
  return request.headers()['x-amz-target'] ?? ''
}

/** Holds the first request of that operation up: before the server knows of it, or before the page has the answer. */
async function hold(page: Page, operation: string, before: 'the server' | 'the page'): Promise<Held> {
  const waits = Promise.withResolvers<void>()
  const letGo = Promise.withResolvers<void>()
  let isFirst = true
  await page.route('**/*', async (route: Route) => {
    if (!isFirst || !targetOf(route.request()).endsWith(`.${operation}`)) return route.fallback()
    isFirst = false
    const response = before === 'the page' ? await route.fetch() : undefined
    waits.resolve()
    await letGo.promise
    return response ? route.fulfill({ response }) : route.continue()
  })
  return {
    waits: waits.promise,
    letGo: letGo.resolve,
  }
}

test('CON-07 what changes between the answer of a page and the beginning of its stream shows by itself', {
  timeout: 60_000,
}, async () => {
  await using console = await Console.open()
  const { page, server } = console
  const put = (Name: string) =>
    server.client(SSMClient).send(new PutParameterCommand({ Name, Type: 'String', Value: 'red' }))
  const stream = await hold(page, 'StreamEvents', 'the server')
  const answer = await hold(page, 'SearchParameters', 'the page')
  await console.signIn('/parameters')
  await Promise.all([stream.waits, answer.waits])
  await put('between')
  const opened = page.waitForResponse((response) => targetOf(response.request()).endsWith('.StreamEvents'))
  stream.letGo()
  await opened
  answer.letGo()
  await page.getByRole('link', { name: 'between' }).waitFor()
})
