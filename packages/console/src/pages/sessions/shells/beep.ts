const PITCH_HZ = 660
const LENGTH_S = 0.12
const QUIET_MS = 500

let audio: AudioContext | undefined
let last = 0

/** A short, soft tone; not twice at once, whatever a program sends. */
export function beep(): void {
  if (performance.now() - last < QUIET_MS) return
  last = performance.now()
  audio ??= new AudioContext()
  const tone = audio.createOscillator()
  const volume = audio.createGain()
  tone.frequency.value = PITCH_HZ
  volume.gain.setValueAtTime(0.08, audio.currentTime)
  volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + LENGTH_S)
  tone.connect(volume).connect(audio.destination)
  tone.start()
  tone.stop(audio.currentTime + LENGTH_S)
}
