// biome-ignore-all lint/suspicious/noControlCharactersInRegex: control characters are what this is about
/** Sequences by which an output would steer a terminal: CSI, OSC, DCS and the like, two-character escapes. */
const SEQUENCES =
  /[\u001b\u009b](?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][\s\S]*?(?:\u0007|\u001b\\|$)|[ -/]*[0-~])|\u009b[0-?]*[ -/]*[@-~]/g
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g
/** Marks that turn the direction of writing, with which a text can look like another. */
const BIDI = /[\u202a-\u202e\u2066-\u2069\u200e\u200f]/g

/** What an output says, as text only: it comes from a node and may be meant to deceive. A line overwritten by `\r` keeps its last state. */
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
