import { readFile } from 'node:fs/promises'

/** What the installer of one server knows in advance. */
export interface InstallScriptValues {
  /** Where the agent will call: `https://HOST:8471`. */
  readonly url: string
  readonly region: string
  /** PEM of the authority to trust; undefined when the server is called without TLS. */
  readonly caPem: string | undefined
  readonly bundleSha256: string
  readonly oldestNode: number
  readonly runtimes: readonly { readonly platform: string; readonly sha256: string }[]
}

/** The installer for one server: `agent.sh` with its `@MARKS@` filled in. */
export async function installScript(values: InstallScriptValues): Promise<string> {
  const marks: Record<string, string> = {
    URL: values.url,
    REGION: values.region,
    CA: values.caPem?.trim() ?? '',
    BUNDLE_SHA256: values.bundleSha256,
    OLDEST_NODE: String(values.oldestNode),
    RUNTIMES: values.runtimes.map(({ platform, sha256 }) => `    ${platform}) echo ${sha256} ;;`).join('\n'),
  }
  const template = await readFile(new URL('./agent.sh', import.meta.url), 'utf8')
  return template.replace(/@([A-Z][A-Z0-9_]*)@/g, (mark, name: string) => marks[name] ?? mark)
}

/**
 * The Host header as text that is safe inside the script's quotes; undefined for anything but a host name or an address,
 * with or without a port.
 */
export function hostOf(header: string | undefined): string | undefined {
  return header && /^([A-Za-z0-9][A-Za-z0-9.-]{0,252}|\[[0-9a-fA-F:.]{2,45}\])(:\d{1,5})?$/.test(header)
    ? header
    : undefined
}
