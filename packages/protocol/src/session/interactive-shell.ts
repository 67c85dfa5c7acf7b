import { type JsonObject, optionalObject, optionalText, parseJsonObject, text } from '#untrusted-json.ts'

/**
 * interactive_shell on the control channel: start a session, of whichever type. It is never acknowledged. Values of
 * `parameters` are strings for String parameters and lists for StringList ones; the agent puts them into the document.
 */
export type InteractiveShell = {
  sessionId: string
  documentName: string
  documentContent: JsonObject
  parameters: JsonObject
  /** The user to run as, by the caller's tag; empty when the document decides. */
  runAsUser: string
  /** The ARN of who started the session. */
  sessionOwner: string
}

export function formatInteractiveShell(start: InteractiveShell): string {
  const content = {
    DocumentName: start.documentName,
    DocumentContent: start.documentContent,
    SessionId: start.sessionId,
    Parameters: start.parameters,
    RunAsUser: start.runAsUser,
    SessionOwner: start.sessionOwner,
  }
  const envelope = { TaskId: start.sessionId, Topic: 'interactive_shell', SchemaVersion: 1 }
  return JSON.stringify({ Content: JSON.stringify(content), ...envelope })
}

export function parseInteractiveShell(payload: Uint8Array | string): InteractiveShell {
  const what = 'interactive_shell'
  const from = parseJsonObject(text(parseJsonObject(payload, what), 'Content', what), what)
  return {
    sessionId: text(from, 'SessionId', what),
    documentName: optionalText(from, 'DocumentName', what),
    documentContent: optionalObject(from, 'DocumentContent', what),
    parameters: optionalObject(from, 'Parameters', what),
    runAsUser: optionalText(from, 'RunAsUser', what),
    sessionOwner: optionalText(from, 'SessionOwner', what),
  }
}
