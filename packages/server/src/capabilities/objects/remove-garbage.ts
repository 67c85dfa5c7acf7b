import { task } from '#kernel/declare.ts'
import { removeContent } from './content-file.ts'
import { forgetGarbage, removableFiles } from './object-store.ts'

const AT_ONCE = 200

/** Removes the files that are part of nothing: what was replaced or deleted, and what a crash left half written. */
export const removeGarbage = task({
  name: 'objects.remove-garbage',
  everyMs: 600_000,
  async run({ read, write, now, contentFolder, signal }) {
    let removed = 0
    for (;;) {
      const files = await read((reader) => removableFiles(reader, now(), AT_ONCE))
      for (const file of files) await removeContent(contentFolder, file)
      await write((tx) => forgetGarbage(tx, files))
      removed += files.length
      if (files.length < AT_ONCE || signal.aborted) return { removed }
    }
  },
})
