import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin, type Rolldown } from 'vite'

/**
 * Names of the design tokens as the components' own styles define them. Those of the package for applications end otherwise, so that
 * each would fall back to its value of the light theme.
 */
const TOKENS = fileURLToPath(
  new URL('./internal/generated/styles/tokens.js', import.meta.resolve('@cloudscape-design/components/package.json')),
)

/** What the console begins with, besides what these import. */
const FIRST = ['main', 'app/frame', 'app/global-search', 'pages/home/home-page'].map((name) =>
  fileURLToPath(new URL(`src/${name}.tsx`, import.meta.url)),
)

/** What so many pages need comes with the first of them. */
const SHARED = 6

export default defineConfig({
  base: '/console/',
  resolve: { alias: { '@cloudscape-design/design-tokens': TOKENS } },
  plugins: [react(), withoutFallbacks(), fontsAsFiles(), withoutStyleElements()],
  build: {
    target: 'es2023',
    // Under the console's policy nothing may be loaded from `data:`, and scripts are never inline.
    assetsInlineLimit: 0,
    // All styles together are hardly more than those of the first page, since they compress well; each one more that comes later makes
    // the browser look at the whole page again.
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // An area's title is wanted at once and its other texts are not: constants go where they are used, and texts with their pages.
      optimization: { inlineConst: { mode: 'all', pass: 2 } },
      output: {
        codeSplitting: {
          // Left to itself it makes hundreds of files, dozens for a page, and each is a question to the server. A group takes along what its
          // modules import, so no two of these files import each other.
          groups: [
            { name: firstLoad(), priority: 3 },
            { name: 'aws', test: /node_modules[\\/]@(aws-sdk|smithy)[\\/]/, minShareCount: SHARED, priority: 2 },
            {
              name: 'components',
              test: /node_modules[\\/]@cloudscape-design[\\/]/,
              minShareCount: SHARED,
              priority: 1,
            },
          ],
        },
      },
      treeshake: { moduleSideEffects: (id) => !id.includes('/src/texts/') },
    },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1_500,
  },
})

/**
 * Cloudscape repeats the value of a design token at each of its uses, as the fallback of a variable which its base style always
 * defines. Without them the styles are about a third smaller, and a dark theme cannot be light by mistake.
 */
function withoutFallbacks(): Plugin {
  return {
    name: 'without-fallbacks',
    enforce: 'pre',
    transform(code, id) {
      return id.includes('@cloudscape-design') && id.endsWith('.css') ? dropFallbacks(code) : undefined
    },
  }
}

function dropFallbacks(css: string): string {
  let out = ''
  let at = 0
  for (const { index, 0: start } of css.matchAll(
    /var\(--(?:border|color|font|letter|line|motion|shadow|size|space)-[\w-]+,/g,
  )) {
    if (index < at) continue
    const end = closingBracket(css, index + 3)
    out += `${css.slice(at, index)}${start.slice(0, -1)})`
    at = end + 1
  }
  return out + css.slice(at)
}

/** Where the bracket closes that opens at `open`. */
function closingBracket(css: string, open: number): number {
  let depth = 0
  for (let at = open; at < css.length; at += 1) {
    if (css[at] === '(') depth += 1
    else if (css[at] === ')') depth -= 1
    if (depth === 0) return at
  }
  return css.length - 1
}

/** Cloudscape's fonts are inside of its styles, which everybody would wait for, and which the console's policy does not take fonts from. */
function fontsAsFiles(): Plugin {
  return {
    name: 'fonts-as-files',
    enforce: 'pre',
    transform(code, id) {
      if (!id.includes('@cloudscape-design/global-styles') || !id.endsWith('.css')) return undefined
      return code.replace(/url\(['"]?data:font\/woff2;base64,([A-Za-z0-9+/=]+)['"]?\)/g, (_, base64: string) => {
        const source = Buffer.from(base64, 'base64')
        const hash = createHash('sha256').update(source).digest('base64url').slice(0, 8)
        const fileName = `assets/open-sans-${hash}.woff2`
        this.emitFile({ type: 'asset', fileName, source })
        return `url(/console/${fileName})`
      })
    },
  }
}

/**
 * xterm.js makes `<style>` elements and writes `style` attributes, both of which the console's policy stops. They become elements of our
 * own, whose text is a style sheet that the document adopts, and properties.
 */
function withoutStyleElements(): Plugin {
  return {
    name: 'without-style-elements',
    enforce: 'pre',
    transform(code, id) {
      if (!id.endsWith('@xterm/xterm/lib/xterm.mjs')) return undefined
      const changed = code
        .replaceAll('createElement("style")', 'createElement("adopted-style")')
        .replace(/(\w+)\.setAttribute\("style",`[^`]*\$\{(\w+)\};`\)/, '$1.style.cssText+=$2')
      if (/"style"/.test(changed)) throw new Error('This xterm.js makes styles in a way that is not known here.')
      return changed
    },
  }
}

/** Names the file of all that is needed until the home page is there. */
function firstLoad(): Rolldown.CodeSplittingGroup['name'] {
  const modules = new Set<string>()
  return (id, context) => {
    const add = (one: string) => {
      if (modules.has(one)) return
      modules.add(one)
      context.getModuleInfo(one)?.importedIds.forEach(add)
    }
    FIRST.forEach(add)
    return modules.has(id) ? 'first' : null
  }
}
