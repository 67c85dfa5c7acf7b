import { readFile } from 'node:fs/promises'
import { type Arguments, required, UsageError } from '#cli/arguments.ts'
import { pinnedAuthority } from '#server/certificate-pin.ts'
import { register } from '#server/registration.ts'
import type { StateDirectory } from '#state-directory.ts'

/** `steward-agent register`: registering twice keeps the first registration, unless --force says otherwise. */
export async function registerCommand(values: Arguments['values'], state: StateDirectory): Promise<void> {
  const url = serverUrl(required(values.url, 'url'))
  const { nodeId, registered } = await register(state, {
    url: url.origin,
    region: required(values.region, 'region'),
    activationId: required(values['activation-id'], 'activation-id'),
    activationCode: required(values['activation-code'], 'activation-code'),
    ca: await authority(values, url),
    force: values.force ?? false,
    rebootCommand: values['reboot-command'],
  })
  const told = registered ? 'This machine is now' : 'This machine was registered before (--force registers it again) as'
  process.stdout.write(`${told} ${nodeId}\n`)
}

function serverUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url
  throw new UsageError('--url must be an http or https address.')
}

async function authority(values: Arguments['values'], url: URL): Promise<string | undefined> {
  if (values.ca && values['ca-pin']) throw new UsageError('Either --ca or --ca-pin, not both.')
  if (values.ca) return readFile(values.ca, 'utf8')
  return values['ca-pin'] ? pinnedAuthority(url, values['ca-pin']) : undefined
}
