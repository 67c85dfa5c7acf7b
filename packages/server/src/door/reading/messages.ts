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
  /** To be kept on the audit trail before the answer goes out; durably, if it must be there first. */
  readonly record: WrittenRecord | undefined
  readonly first: boolean
  /** The error's code, or empty. */
  readonly code: string
  readonly seconds: number
  /** Undefined if the thread cannot answer it. */
  readonly response: AnswerHead | undefined
}

/** A response without its body, which stands among the bytes of the message, behind those of the answers before. */
export interface AnswerHead extends Omit<HttpResponse, 'body'> {
  /** Bytes. */
  readonly length: number
}

/** What the first thread is told besides. */
export type Note =
  | { readonly kind: 'key-use'; readonly use: KeyUse }
  | { readonly kind: 'refusal'; readonly refusal: NodeRefusal }

/** JSON of `Question[]`: taken apart quicker than objects are cloned. */
export type ToThread = string

/** No questions at all: the thread is to say anything. */
export const SIGN_OF_LIFE: ToThread = '[]'

export type FromThread =
  | { readonly ready: true }
  /** The bodies come as bytes that change hands: nothing is copied, and no collector has to follow them. */
  | { readonly notes: readonly Note[]; readonly answers: readonly Answer[]; readonly bodies: Uint8Array }
