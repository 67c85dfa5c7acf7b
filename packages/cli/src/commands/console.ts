import { spawn } from 'node:child_process'
import { Api } from '#api.ts'
import { connection } from '#connection.ts'
import { Fault } from '#fault.ts'
import type { Io } from '#io.ts'

/** Prints a link that signs the caller in at the console, or opens it. */
export async function console(io: Io, { open = false }: { open?: boolean }): Promise<void> {
  const { Url = '' } = await new Api(connection(io.env)).steward('CreateSignInLink', {})
  if (!open) return void io.stdout.write(`${Url}\n`)
  await openInBrowser(Url)
  io.stderr.write('The console was opened in your browser.\n')
}

/** Rejects where nothing opens addresses, as on a machine without a desktop. */
function openInBrowser(url: string): Promise<void> {
  const [command, ...words] = OPENERS[process.platform] ?? ['xdg-open']
  return new Promise((resolve, reject) => {
    const child = spawn(command!, [...words, url], { stdio: 'ignore', detached: true })
    child.once('error', () =>
      reject(new Fault('There is no browser to open here.', { mend: 'Without --open the link is printed.' })),
    )
    child.once('spawn', () => {
      child.unref()
      resolve()
    })
  })
}

const OPENERS: Partial<Record<NodeJS.Platform, string[]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
}
