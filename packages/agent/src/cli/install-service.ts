import { execFileSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'

const unitName = 'steward-agent.service'

/** `steward-agent install-service`: writes a systemd unit and starts it now and at every start of the machine. */
export function installServiceCommand(stateRoot: string): void {
  if (!existsSync('/run/systemd/system'))
    throw new Error('This machine does not run systemd. Start "steward-agent run" your own way.')
  if (process.getuid?.() !== 0) throw new Error('Only root can install a service.')
  writeFileSync(`/etc/systemd/system/${unitName}`, serviceUnit(programCommand(), stateRoot))
  execFileSync('systemctl', ['daemon-reload'])
  execFileSync('systemctl', ['enable', '--now', unitName])
  process.stdout.write(`${unitName} is enabled and running.\n`)
}

/** How this very program is started. */
function programCommand(): string[] {
  const script = process.argv[1]
  return script && existsSync(script) ? [process.execPath, ...process.execArgv, script] : [process.execPath]
}

/** The text of the unit. */
export function serviceUnit(command: string[], stateRoot: string): string {
  return `[Unit]
Description=Steward agent
Wants=network-online.target
After=network-online.target

[Service]
ExecStart=${[...command, 'run', '--state', stateRoot].map(quoted).join(' ')}
Restart=always
RestartSec=5
# Scripts outlive the agent; the next one takes them up.
KillMode=process

[Install]
WantedBy=multi-user.target
`
}

function quoted(word: string): string {
  return /^[\w/.:=@-]+$/.test(word)
    ? word
    : `"${word.replace(/[\\"]/g, '\\$&').replaceAll('%', '%%').replaceAll('$', '$$$$')}"`
}
