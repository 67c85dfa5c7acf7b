/** Takes down what a session shows, for logs that the document asks for. */
export type Transcript = {
  shown(bytes: Buffer): void
}

export const noTranscript: Transcript = { shown() {} }
