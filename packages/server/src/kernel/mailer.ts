import { createTransport } from 'nodemailer'
import type { Mailer } from './declare.ts'
import { DeliveryFailed } from './delivery-failed.ts'

/** Sends mail through the operator's mail server, named as `smtps://user:password@host:port`. */
export function openMailer({ url, from }: { readonly url: string; readonly from: string }): Mailer {
  const transport = createTransport(url)
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
