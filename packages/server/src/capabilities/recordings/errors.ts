import { ApiError } from '#kernel/api-error.ts'

export function recordingNotFound(sessionId: string): ApiError {
  return new ApiError('SessionRecordingNotFound', `There is no recording of session ${sessionId}.`)
}

export function recordingDamaged(sessionId: string, line: number, cause: unknown): ApiError {
  const message = `The recording of session ${sessionId} is not as it was after line ${line}. VerifySessionRecording says more.`
  return new ApiError('SessionRecordingDamaged', message, { cause })
}

export function recordingUnreadable(sessionId: string, cause: unknown): ApiError {
  const message = `The recording of session ${sessionId} cannot be read: the master key of its key is not here.`
  return new ApiError('SessionRecordingDamaged', message, { cause })
}
