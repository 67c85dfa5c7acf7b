import { ApiError } from '#kernel/api-error.ts'

export function recordingNotFound(sessionId: string): ApiError {
  return new ApiError('SessionRecordingNotFound', `There is no recording of session ${sessionId}.`)
}

export function recordingDamaged(sessionId: string, line: number, cause: unknown): ApiError {
  const message = `The recording of session ${sessionId} is not as it was after line ${line}. VerifySessionRecording says more.`
  return new ApiError('SessionRecordingDamaged', message, { cause })
}
