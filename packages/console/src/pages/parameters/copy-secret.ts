import { failureOf } from '#api/failure.ts'
import { notify } from '#app/notifications.tsx'
import { parameters as texts } from '#texts/parameters.ts'
import { revealed } from './read-parameter.ts'

/** Puts the decrypted value on the clipboard without showing it. Browsers allow that only over HTTPS or on the own machine. */
export async function copySecret(name: string): Promise<void> {
  if (!isSecureContext) {
    notify({ type: 'error', header: texts.value.notCopied, content: texts.value.noClipboard })
    return
  }
  try {
    const value = await revealed(name)
    await navigator.clipboard.writeText(value)
    notify({ type: 'success', header: texts.value.copied(name) })
  } catch (error) {
    const { code, message } = failureOf(error)
    notify({ type: 'error', header: texts.value.notCopied, content: `${code}: ${message}` })
  }
}
