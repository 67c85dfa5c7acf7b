/** Files for whoever has the link, which is itself the proof: an operation handed it out, for a while. */
import type { Reader } from '#db/database.ts'
import type { Vault } from '../vault.ts'

export const DOWNLOAD_PATH = '/download/'

export interface Downloaded {
  readonly name: string
  readonly bytes: Uint8Array
}

/** What a link's last part stands for; undefined if it is none of ours, too old, or what it was for is gone. */
export type Download = (
  reader: Reader,
  asked: { readonly token: string; readonly vault: Vault; readonly now: Date },
) => Promise<Downloaded | undefined>
