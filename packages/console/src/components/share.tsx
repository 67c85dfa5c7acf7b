import { colorBorderDividerDefault, colorChartsStatusPositive } from '@cloudscape-design/design-tokens'

/** A part of a whole: a bar, and both numbers. */
export function Share({ part, whole }: { part: number; whole: number }) {
  const inlineSize = `${whole > 0 ? (100 * part) / whole : 0}%`
  return (
    <div className="st-share">
      <span className="st-bar" style={{ background: colorBorderDividerDefault }} aria-hidden="true">
        <span style={{ inlineSize, background: colorChartsStatusPositive }} />
      </span>
      <span className="st-number st-nowrap">
        {part.toLocaleString('en')} of {whole.toLocaleString('en')}
      </span>
    </div>
  )
}
