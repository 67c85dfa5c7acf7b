/**
 * Messages as subscribers get them over HTTP and as JSON mail: SNS's members, signed over SNS's canonical text (names and values in order
 * of the names, each on a line of its own), with the certificate at `SigningCertURL`.
 */
import type { MessageSigner } from '#kernel/declare.ts'

/** What is known of a message when it is published. */
export interface EnvelopeContent {
  readonly Type: 'Notification' | 'SubscriptionConfirmation' | 'UnsubscribeConfirmation'
  readonly MessageId: string
  readonly Token?: string
  readonly TopicArn: string
  readonly Subject?: string
  readonly Message: string
  readonly SubscribeURL?: string
  readonly Timestamp: string
  readonly MessageAttributes?: Readonly<Record<string, { readonly Type: string; readonly Value: string }>>
}

export interface SignedWith {
  readonly signer: MessageSigner
  /** Where others reach this server. */
  readonly publicUrl: string
  readonly version: '1' | '2'
  readonly subscriptionArn: string
}

const CONFIRMATION = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'] as const

const SIGNED = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: CONFIRMATION,
  UnsubscribeConfirmation: CONFIRMATION,
} as const

/** The text that is signed. */
export function canonicalText(content: EnvelopeContent): string {
  return SIGNED[content.Type]
    .filter((name) => content[name] !== undefined)
    .map((name) => `${name}\n${content[name]}\n`)
    .join('')
}

export async function signedEnvelope(content: EnvelopeContent, by: SignedWith): Promise<string> {
  const { MessageAttributes, ...plain } = content
  const signature = await by.signer.sign(canonicalText(content), by.version === '2' ? 'sha256' : 'sha1')
  const envelope = {
    ...plain,
    SignatureVersion: by.version,
    Signature: signature,
    SigningCertURL: `${by.publicUrl}${await by.signer.certificatePath()}`,
    ...(content.Type === 'Notification' && { UnsubscribeURL: unsubscribeUrl(by.publicUrl, by.subscriptionArn) }),
    ...(MessageAttributes && { MessageAttributes }),
  }
  return JSON.stringify(envelope, null, 2)
}

/** Programs pick the ARN out of the text, so its colons stay, as they do on AWS; nothing in ARNs and tokens must be escaped. */
export function subscribeUrl(publicUrl: string, topicArn: string, token: string): string {
  return `${publicUrl}/?Action=ConfirmSubscription&TopicArn=${topicArn}&Token=${token}`
}

export function unsubscribeUrl(publicUrl: string, subscriptionArn: string): string {
  return `${publicUrl}/?Action=Unsubscribe&SubscriptionArn=${subscriptionArn}`
}
