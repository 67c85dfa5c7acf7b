import { downloadContent } from '#plugins/download-content/download-content.ts'
import type { Plugin } from '#plugins/plugin.ts'
import { runDocument } from '#plugins/run-document.ts'
import { runPowerShellScript } from '#plugins/run-powershell-script.ts'
import { runShellScript } from '#plugins/run-shell-script.ts'

/** Everything this agent can do for a document. */
export const builtInPlugins: Plugin[] = [runShellScript, runPowerShellScript, downloadContent, runDocument]
