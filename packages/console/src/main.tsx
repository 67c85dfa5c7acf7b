import '@cloudscape-design/global-styles/index.css'
import './console.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { askOtherTabs } from '#api/sign-in.ts'
import { App } from '#app/app.tsx'
import { followAppearance } from '#app/appearance.ts'

followAppearance()
await askOtherTabs()
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
