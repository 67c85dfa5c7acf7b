import Badge from '@cloudscape-design/components/badge'
import Button from '@cloudscape-design/components/button'
import Select from '@cloudscape-design/components/select'
import Slider from '@cloudscape-design/components/slider'
import Toggle from '@cloudscape-design/components/toggle'
import { useStore } from '#api/store.ts'
import { replayTexts as texts } from '#texts/replay.ts'
import { clockText } from './clock-text.ts'
import type { Player } from './player.ts'

const SPEEDS = [0.5, 1, 2, 4, 8, 16]
const JUMP_MS = 10_000

/** Play, pause, speed, and where in the recording one is. */
export function PlayerControls({ player }: { player: Player }) {
  const { position, length, playing, speed, skipsPauses, live, complete } = useStore(player.state)
  const option = (value: number) => ({ value: String(value), label: texts.speedOption(value) })
  return (
    <fieldset className="st-player" aria-label={texts.controls}>
      <div className="st-line st-one-row">
        <Button
          iconName={playing ? 'pause' : 'play'}
          ariaLabel={playing ? texts.pause : texts.play}
          onClick={() => (playing ? player.pause() : player.play())}
        />
        <Button
          variant="icon"
          iconName="backward-10-seconds"
          ariaLabel={texts.back}
          onClick={() => player.seek(position - JUMP_MS)}
        />
        <Button
          variant="icon"
          iconName="forward-10-seconds"
          ariaLabel={texts.forward}
          onClick={() => player.seek(position + JUMP_MS)}
        />
        <div className="st-seek">
          <Slider
            ariaLabel={texts.position}
            value={position}
            min={0}
            max={Math.max(1, length)}
            step={1}
            valueFormatter={clockText}
            onChange={({ detail }) => {
              if (live) player.pause()
              player.seek(detail.value)
            }}
          />
        </div>
        <span className="st-number st-nowrap">
          {clockText(position)} / {clockText(length)}
        </span>
      </div>
      <div className="st-line">
        {!complete &&
          (live ? (
            <Badge color="severity-critical">{texts.live}</Badge>
          ) : (
            <Button onClick={() => player.goLive()}>{texts.goLive}</Button>
          ))}
        <Select
          inlineLabelText={texts.speed}
          selectedOption={option(speed)}
          options={SPEEDS.map(option)}
          onChange={({ detail }) => player.change({ speed: Number(detail.selectedOption.value) })}
        />
        <Toggle checked={skipsPauses} onChange={({ detail }) => player.change({ skipsPauses: detail.checked })}>
          {texts.skipPauses}
        </Toggle>
      </div>
    </fieldset>
  )
}
