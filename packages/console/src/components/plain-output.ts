// biome-ignore-all lint/suspicious/noControlCharactersInRegex: control characters are what this is about
/**
 * Sequences by which an output would steer a terminal: CSI, then OSC, DCS and other strings, then short escapes. A string has to
 * end within its line, or one that never ends would hide all that follows.
 */
const SEQUENCES =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c\n]*(?:\u0007|\u001b\\|\u009c)|\u001b[ -/]*[0-~]/g
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g
/** Marks that turn the direction of writing, with which a text can look like another. */
const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/** What an output, or a name that stands within a sentence, says, as text only: it may be meant to deceive. A line overwritten by `\r` keeps its last state. */
export function plainOutput(output: string): string {
  return output
    .replace(SEQUENCES, '')
    .replace(/\r\n/g, '\n')
    .split('\n')
    .map((line) => line.slice(line.lastIndexOf('\r', line.length - 2) + 1).replace(/\r$/, ''))
    .join('\n')
    .replace(CONTROLS, '')
    .replace(BIDI, '�')
}
