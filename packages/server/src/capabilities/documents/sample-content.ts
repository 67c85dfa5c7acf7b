/** For tests: the text of a Command document of one step, different for every description. */
export function sampleContent(description: string, more: object = {}): string {
  return JSON.stringify({
    schemaVersion: '2.2',
    description,
    ...more,
    mainSteps: [{ action: 'aws:runShellScript', name: 'echo', inputs: { runCommand: ['echo calibration'] } }],
  })
}
