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
  /** Undefined if the thread cannot answer it. */
  readonly response: (Omit<HttpResponse, 'body'> & { readonly body: string }) | undefined
  /** Whether the caller was proven. */
  readonly proven: boolean
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
  /** An answer waits until all records before this are durable. To be told so, with this number. */
  | { readonly kind: 'flush'; readonly number: number }

export type ToThread =
  | { readonly questions: readonly Question[] }
  /** Records up to the one with this number are durable; or cannot be written. */
  | { readonly flushed: number; readonly failed: boolean }

export type FromThread =
  | { readonly ready: true }
  | { readonly notes: readonly Note[]; readonly answers: readonly Answer[] }
