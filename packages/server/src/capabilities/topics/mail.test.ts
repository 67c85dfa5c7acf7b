import assert from 'node:assert/strict'
import { type AddressInfo, createServer } from 'node:net'
import { test } from 'node:test'
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns'
import { startServer } from '@steward/testkit'

/** A mail server that takes everything. */
async function mailServer(): Promise<AsyncDisposable & { readonly url: string; readonly mails: string[] }> {
  const mails: string[] = []
  const server = createServer((socket) => {
    let mail: string | undefined
    let rest = ''
    socket.write('220 ready\r\n')
    socket.on('error', () => {})
    socket.on('data', (data) => {
      const lines = (rest + data.toString()).split('\r\n')
      rest = lines.pop()!
      for (const line of lines) {
        if (mail !== undefined && line !== '.') mail += `${line}\n`
        else if (mail !== undefined) {
          mails.push(mail)
          mail = undefined
          socket.write('250 taken\r\n')
        } else if (line === 'DATA') {
          mail = ''
          socket.write('354 go on\r\n')
        } else socket.write(line === 'QUIT' ? '221 bye\r\n' : '250 fine\r\n')
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mails,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

test('EVT-03 an address confirms by the link in a mail, gets the messages, and leaves by the link in them', async () => {
  await using smtp = await mailServer()
  await using server = await startServer({ env: { STEWARD_SMTP_URL: smtp.url, STEWARD_SMTP_FROM: 's@example.com' } })
  const sns = server.client(SNSClient)
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'news', Attributes: { DisplayName: 'News' } }))
  const subscribe = (Protocol: string, Attributes: Record<string, string> = {}) =>
    sns.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint: 'me@example.com', Attributes }))
  for (const protocol of ['email', 'email-json'])
    await assert.rejects(subscribe(protocol, { RawMessageDelivery: 'true' }), {
      name: 'InvalidParameterException',
      message: `Invalid parameter: Delivery protocol [${protocol}] does not support raw message delivery.`,
    })
  await subscribe('email', { RawMessageDelivery: 'false' })
  await server.settle()
  const readable = (mail: string) => mail.replaceAll('=\n', '').replaceAll('=3D', '=')
  const asked = readable(smtp.mails.pop()!)
  assert.match(asked, /^To: me@example.com$/m)
  assert.match(asked, /^Subject: News - Subscription Confirmation$/m)
  assert.equal((await fetch(/http:\S+ConfirmSubscription\S+/.exec(asked)![0])).status, 200)

  await sns.send(new PublishCommand({ TopicArn, Subject: 'Rollout', Message: 'It is over.' }))
  await server.settle()
  const message = readable(smtp.mails.pop()!)
  assert.match(message, /^Subject: Rollout$/m)
  assert.match(message, /^It is over\.$/m)
  assert.equal((await fetch(/http:\S+Unsubscribe\S+/.exec(message)![0])).status, 200)
  await sns.send(new PublishCommand({ TopicArn, Message: 'nobody' }))
  await server.settle()
  assert.deepEqual(smtp.mails, [])
})

test('EVT-03 a program that reads mail is told when it left by the link, and comes back by the one in that', async () => {
  await using smtp = await mailServer()
  await using server = await startServer({ env: { STEWARD_SMTP_URL: smtp.url, STEWARD_SMTP_FROM: 's@example.com' } })
  const sns = server.client(SNSClient)
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'news' }))
  const last = async () => {
    await server.settle()
    const mail = smtp.mails.pop()!.replaceAll('=\n', '').replaceAll('=3D', '=')
    return { mail, ...(JSON.parse(mail.slice(mail.indexOf('{'))) as Record<string, string>) } as Record<string, string>
  }
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email-json', Endpoint: 'me@example.com' }))
  await fetch((await last()).SubscribeURL!)
  await sns.send(new PublishCommand({ TopicArn, Message: 'one' }))
  await fetch((await last()).UnsubscribeURL!)
  const told = await last()
  assert.equal(told.Type, 'UnsubscribeConfirmation')
  assert.match(told.mail!, /^Subject: news - Unsubscribe Confirmation$/m)
  await fetch(told.SubscribeURL!)
  await sns.send(new PublishCommand({ TopicArn, Message: 'two' }))
  assert.equal((await last()).Message, 'two')
})
