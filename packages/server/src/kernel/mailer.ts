import { createTransport } from 'nodemailer'
import type { Mailer } from './declare.ts'
import { DeliveryFailed } from './delivery-failed.ts'

const TIMEOUT_MS = 10_000

/** Sends mail through the operator's mail server, named as `smtps://user:password@host:port`. */
export function openMailer({ url, from }: { readonly url: string; readonly from: string }): Mailer {
  const transport = createTransport(withTimeouts(url))
  return {
    async send({ to, subject, text }) {
      try {
        await transport.sendMail({ from, to, subject, text })
      } catch (error) {
        const { responseCode, message } = error as Error & { responseCode?: number }
        // 5xx is the mail server's final word.
        const retry = responseCode === undefined || responseCode < 500
        throw new DeliveryFailed('MAIL_REFUSED', `The mail server took no mail for ${to}: ${message}`, {
          retry,
          cause: error,
        })
      }
    },
  }
}

/** What the operator says in the URL stays; a silent mail server would otherwise hold a delivery for minutes. */
function withTimeouts(text: string): string {
  const url = new URL(text)
  for (const name of ['connectionTimeout', 'greetingTimeout', 'socketTimeout'])
    if (!url.searchParams.has(name)) url.searchParams.set(name, String(TIMEOUT_MS))
  return url.href
}
