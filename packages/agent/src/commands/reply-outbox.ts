/*
 * Replies on their way to the server. Those of one command are sent in their order; each is kept until the server says
 * that it is durable, and sent again with the same id after every reconnect and when the acknowledgement takes long.
 */
import { formatAgentJobReply, messageType } from '@steward/protocol'

/** A reply to deliver. `acknowledged` is called once, when the server has it. */
export type OutgoingReply = {
  id: string
  jobId: string
  topic: string
  content: string
  acknowledged(): void | Promise<void>
}

/** Sends a frame; false when there is no connection. */
export type SendFrame = (frame: { messageType: string; messageId: string; payload: string | Uint8Array }) => boolean

export class ReplyOutbox {
  readonly #send: SendFrame
  readonly #resendAfterMs: number
  readonly #pending = new Map<string, { reply: OutgoingReply; sentAt: number | undefined }>()
  readonly #drained = new Map<string, (() => void)[]>()
  #timer: NodeJS.Timeout | undefined

  constructor(send: SendFrame, resendAfterMs: number) {
    this.#send = send
    this.#resendAfterMs = resendAfterMs
  }

  add(reply: OutgoingReply): void {
    const entry = { reply, sentAt: undefined }
    this.#pending.set(reply.id, entry)
    this.#deliver(entry)
    this.#timer ??= setInterval(() => this.#resendLate(), this.#resendAfterMs / 2).unref()
  }

  /** Sends everything again: a new connection knows of nothing that was sent on the old one. */
  connected(): void {
    for (const entry of this.#pending.values()) this.#deliver(entry)
  }

  /** The server has a reply; one that is not waited for is ignored. */
  acknowledge(id: string): void {
    const entry = this.#pending.get(id)
    if (!entry) return
    this.#pending.delete(id)
    void entry.reply.acknowledged()
    const { jobId } = entry.reply
    if (this.#isDrained(jobId)) {
      for (const resolve of this.#drained.get(jobId) ?? []) resolve()
      this.#drained.delete(jobId)
    }
    if (this.#pending.size === 0) this.stop()
  }

  /** Resolves when no reply of that job waits for its acknowledgement. */
  drained(jobId: string): Promise<void> {
    if (this.#isDrained(jobId)) return Promise.resolve()
    return new Promise((resolve) => {
      this.#drained.set(jobId, [...(this.#drained.get(jobId) ?? []), resolve])
    })
  }

  /** No reply is sent by itself any more. */
  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #isDrained(jobId: string): boolean {
    return ![...this.#pending.values()].some(({ reply }) => reply.jobId === jobId)
  }

  #resendLate(): void {
    const before = performance.now() - this.#resendAfterMs
    for (const entry of this.#pending.values()) {
      if (entry.sentAt !== undefined && entry.sentAt < before) this.#deliver(entry)
    }
  }

  #deliver(entry: { reply: OutgoingReply; sentAt: number | undefined }): void {
    const payload = formatAgentJobReply(entry.reply)
    const sent = this.#send({ messageType: messageType.agentJobReply, messageId: entry.reply.id, payload })
    entry.sentAt = sent ? performance.now() : undefined
  }
}
