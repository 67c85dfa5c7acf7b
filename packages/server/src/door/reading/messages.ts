/** What the first thread and its reading threads say to each other. Many at a time: a message costs as much as a small request. */
import type { WrittenRecord } from '#kernel/audit-record.ts'
import type { KeyUse, NodeRefusal } from '#kernel/declare.ts'
import type { HttpRequest, HttpResponse } from '../http-message.ts'

/** A request, as it came. */
export interface Question extends Omit<HttpRequest, 'body' | 'signal'> {
  readonly id: number
  /** A character for each byte: quicker to hand over than bytes are. */
  readonly body: string
}

export interface Answer {
  readonly id: number
  /** Whether the caller was proven. */
  readonly proven: boolean
  /** A record that must be durable before the answer goes out. */
  readonly first: WrittenRecord | undefined
  /** Undefined if the thread cannot answer it. */
  readonly response: AnswerHead | undefined
}

/** A response without its body, which stands among the bytes of the message, behind those of the answers before. */
export interface AnswerHead extends Omit<HttpResponse, 'body'> {
  /** Bytes. */
  readonly length: number
}

/** What is to be done of that of which an answer tells, before it goes out. */
export type Note =
  | { readonly kind: 'audit'; readonly record: WrittenRecord }
  | {
      readonly kind: 'request'
      readonly service: string
      readonly operation: string
      readonly code: string
      readonly seconds: number
    }
  | { readonly kind: 'key-use'; readonly use: KeyUse }
  | { readonly kind: 'refusal'; readonly refusal: NodeRefusal }

/** JSON of `Question[]`: taken apart quicker than objects are cloned. */
export type ToThread = string

export type FromThread =
  | { readonly ready: true }
  /** The bodies come as bytes that change hands: nothing is copied, and no collector has to follow them. */
  | { readonly notes: readonly Note[]; readonly answers: readonly Answer[]; readonly bodies: Uint8Array }
