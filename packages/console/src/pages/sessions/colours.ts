/** Colours of the console for what is styled here; they follow its theme. */
import './sessions.css'
import {
  colorBackgroundLayoutMain,
  colorBorderDividerDefault,
  colorBorderItemFocused,
} from '@cloudscape-design/design-tokens'

const colours = {
  '--st-sessions-background': colorBackgroundLayoutMain,
  '--st-sessions-border': colorBorderDividerDefault,
  '--st-sessions-focus': colorBorderItemFocused,
}

for (const [name, value] of Object.entries(colours)) document.body.style.setProperty(name, value)
