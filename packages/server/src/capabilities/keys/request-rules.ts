import { invalid, invalidCiphertext } from './errors.ts'

/** Encrypting an answer for a Nitro enclave is nothing Steward can do. Throws `ValidationException`. */
export function noRecipient(recipient: object | undefined): void {
  if (recipient) throw invalid('Recipient is for AWS Nitro Enclaves, which Steward does not have.')
}

/** The ciphertext, which may be missing only where nothing is decrypted. */
export function mustHaveBlob(blob: Uint8Array | undefined): Uint8Array {
  if (!blob) throw invalidCiphertext('There is no ciphertext.')
  return blob
}

const DATA_KEY_BYTES = { AES_128: 16, AES_256: 32 } as const

/** How long a data key is wished to be. Throws `ValidationException` unless exactly one of the two is given. */
export function dataKeyBytes(input: {
  readonly NumberOfBytes?: number | undefined
  readonly KeySpec?: keyof typeof DATA_KEY_BYTES | undefined
}): number {
  if ((input.NumberOfBytes === undefined) === (input.KeySpec === undefined))
    throw invalid('Please specify either number of bytes or key spec.')
  return input.KeySpec ? DATA_KEY_BYTES[input.KeySpec] : input.NumberOfBytes!
}

/** What a request to sign or verify is, to conditions. */
export function signingConditions(input: {
  readonly SigningAlgorithm: string
  readonly MessageType?: string | undefined
}): Record<string, string> {
  return { 'kms:SigningAlgorithm': input.SigningAlgorithm, 'kms:MessageType': input.MessageType ?? 'RAW' }
}
